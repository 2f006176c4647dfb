package dev.telltale.jobs;

import dev.telltale.database.Database;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;

/// The time of a database server, by which the processes that share it judge each other. Between two looks it goes
/// on by the steady clock of this machine, so that setting the time here makes nobody seem dead.
final class ServerTime implements InstantSource {

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Database database;
    private volatile Reading last;

    /// @param nanoTime at which it was that time
    private record Reading(Instant time, long nanoTime) {}

    ServerTime(Database database) {
        this.database = database;
        this.last = read();
    }

    @Override
    public Instant instant() {
        Reading reading = last;
        return reading.time().plusNanos(System.nanoTime() - reading.nanoTime());
    }

    /// Asks the server again if the last answer is some seconds old.
    void refresh() {
        if (System.nanoTime() - last.nanoTime() >= INTERVAL.toNanos()) {
            last = read();
        }
    }

    private Reading read() {
        return database.read(connection -> {
            try (Statement select = connection.createStatement()) {
                long before = System.nanoTime();
                try (ResultSet row = select.executeQuery("SELECT clock_timestamp()")) {
                    long after = System.nanoTime();
                    row.next();
                    return new Reading(
                            row.getObject(1, OffsetDateTime.class).toInstant(), before + (after - before) / 2);
                }
            }
        });
    }
}
