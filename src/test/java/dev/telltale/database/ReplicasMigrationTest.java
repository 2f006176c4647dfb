package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/// The step of a SQLite database to the tables that it shares with PostgreSQL.
class ReplicasMigrationTest {

    @TempDir
    private Path directory;

    @Test
    void whatWasStoredStaysAndNumbersGoOnWhereTheyWere() throws Exception {
        String url = "jdbc:sqlite:" + directory.resolve("telltale.db");
        migrate(url, "14");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO series (id, name, labels) VALUES (4, 'a', '{}'), (9, 'b', '{}')");
            statement.execute("INSERT INTO job (kind, subject, payload, state, created)"
                    + " VALUES ('training', 'm', '{}', 'queued', 5)");
            statement.execute(
                    "INSERT INTO detector (name, specification) VALUES ('d', '{\"model\":\"m\",\"select\":\"a\"}')");
            statement.execute("INSERT INTO answer VALUES ('k', 'f', 201, '{}', x'0102', 7)");
            statement.execute(
                    "INSERT INTO anomaly (id, detector, kind, start, finish, open, peak_time, peak_score, changed)"
                            + " VALUES (41, 'd', 'score', 1, 2, 0, 1, 3.5, 8)");
            statement.execute("DELETE FROM anomaly"); // its number is not given again
        }

        migrate(url, "15");

        try (Connection connection = DriverManager.getConnection(url)) {
            assertThat(rows(connection, "SELECT name || ' ' || value FROM counter ORDER BY name"))
                    .containsExactly("anomaly 41", "incident_news 0", "series 2");
            assertThat(rows(connection, "SELECT id || ' ' || partition FROM series ORDER BY id"))
                    .containsExactly("4 0", "9 0");
            assertThat(rows(connection, "SELECT state || ' ' || token || ' ' || (owner IS NULL) FROM job"))
                    .containsExactly("queued 0 1");
            assertThat(rows(connection, "SELECT model || ' ' || revision FROM detector"))
                    .containsExactly("m 0");
            assertThat(rows(
                            connection,
                            "SELECT key || fingerprint || status || headers || hex(body) || created || (owner IS NULL)"
                                    + " FROM answer"))
                    .containsExactly("kf201{}010271");
            assertThat(rows(
                            connection,
                            "SELECT name FROM sqlite_master WHERE tbl_name = 'answer' AND sql IS NOT NULL"
                                    + " ORDER BY name"))
                    .containsExactly("answer", "answer_created");
        }
    }

    private static void migrate(String url, String version) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(url);
        Flyway.configure(ReplicasMigrationTest.class.getClassLoader())
                .dataSource(source)
                .locations(Dialect.SQLITE.migrations())
                .target(version)
                .load()
                .migrate();
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }
}
