package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseClockTest {

    @TempDir
    private Path directory;

    @Test
    void tellsTheTimeOfTheDatabaseAndCountsOnFromThere() {
        try (Processes processes = new Processes(directory)) {
            PostgresDatabase database = processes.startOne();
            AtomicLong nanos = new AtomicLong(5);
            Instant before = timeOf(database);
            try (DatabaseClock clock = DatabaseClock.on(database, nanos::get)) {
                Instant after = timeOf(database);
                Instant asked = clock.instant();
                assertThat(asked).isBetween(before, after);
                nanos.addAndGet(Duration.ofHours(1).toNanos());
                assertThat(clock.instant()).isEqualTo(asked.plus(Duration.ofHours(1)));

                clock.ask(); // time that only this machine believes has passed is forgotten
                assertThat(clock.instant()).isBetween(after, timeOf(database));
            }
        }
    }

    @Test
    void isThatOfTheMachineWithSqlite() {
        try (DataDirectory held = DataDirectory.open(directory);
                Database sqlite = SqliteDatabase.open(held);
                DatabaseClock clock = DatabaseClock.on(sqlite)) {
            Instant before = Instant.now();
            assertThat(clock.instant()).isBetween(before, Instant.now());
        }
    }

    private static Instant timeOf(Database database) {
        return database.read(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT clock_timestamp()")) {
                row.next();
                return row.getObject(1, OffsetDateTime.class).toInstant();
            }
        });
    }
}
