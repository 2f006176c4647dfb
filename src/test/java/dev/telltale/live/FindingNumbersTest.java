package dev.telltale.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.Counter;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The numbers of anomalies and of news of incidents.
class FindingNumbersTest {

    @TempDir
    private Path directory;

    /// The tables of the release before, which left the numbers to the database.
    @Test
    void goesOnAboveTheNumbersThatWereGivenBefore() throws SQLException {
        String url = "jdbc:sqlite:" + directory.resolve("telltale.db");
        Flyway.configure(Counter.class.getClassLoader())
                .dataSource(url, "", "")
                .locations("classpath:db/migration/sqlite")
                .target("14")
                .load()
                .migrate();
        try (Connection before = DriverManager.getConnection(url);
                Statement statement = before.createStatement()) {
            statement.executeUpdate("INSERT INTO incident VALUES (5, 'd', 0, 0, 9, 9, 2, 1, 1, 2, 60000, '[]', 0)");
            statement.executeUpdate("INSERT INTO incident_news (id, incident) VALUES (70, 5)");
            statement.executeUpdate("INSERT INTO anomaly (id, incident, detector, kind, start, finish, open, peak_time,"
                    + " peak_score, changed) VALUES (900, 5, 'd', 'score', 0, 9, 0, 9, 2, 0)");
            statement.executeUpdate("DELETE FROM anomaly");
            statement.executeUpdate("DELETE FROM incident_news");
        }
        try (DataDirectory held = DataDirectory.open(directory);
                SqliteDatabase database = SqliteDatabase.open(held)) {
            assertThat(new Counter(database, "anomaly", 1).next()).isEqualTo(901);
            assertThat(database.<Long>read(new Counter(database, "incident_news", 1)::last))
                    .isEqualTo(70);
        }
    }
}
