package dev.telltale.live;

import static org.assertj.core.api.Assertions.assertThat;

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

class CounterTest {

    @TempDir
    private Path directory;

    @Test
    void numbersAscendAndEachKindHasItsOwn() {
        try (DataDirectory held = DataDirectory.open(directory);
                SqliteDatabase database = SqliteDatabase.open(held)) {
            assertThat(last(database, Counter.ANOMALY)).isZero();
            assertThat(take(database, Counter.ANOMALY, 32)).isEqualTo(32);
            assertThat(take(database, Counter.INCIDENT_NEWS, 1)).isEqualTo(1);
            assertThat(take(database, Counter.ANOMALY, 1)).isEqualTo(33);
            assertThat(last(database, Counter.ANOMALY)).isEqualTo(33);
            assertThat(last(database, Counter.INCIDENT_NEWS)).isEqualTo(1);
        }
    }

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
            assertThat(take(database, Counter.ANOMALY, 1)).isEqualTo(901);
            assertThat(last(database, Counter.INCIDENT_NEWS)).isEqualTo(70);
        }
    }

    private static long take(SqliteDatabase database, Counter counter, int count) {
        return database.<Long>write(connection -> counter.take(connection, count));
    }

    private static long last(SqliteDatabase database, Counter counter) {
        return database.<Long>read(counter::last);
    }
}
