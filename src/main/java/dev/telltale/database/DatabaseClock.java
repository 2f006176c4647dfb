package dev.telltale.database;

import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The time of the database, for what processes on it judge together, such as whether a job has been left. It is asked
/// now and then, and counted on from there by the time that passes on this machine: setting a machine's clock changes
/// nothing. With SQLite it is the time of this machine.
public final class DatabaseClock implements InstantSource, AutoCloseable {

    private static final Duration ASKED_EACH = Duration.ofSeconds(10);
    /// An answer that took longer tells the time less well than counting on does.
    private static final Duration QUICK = Duration.ofMillis(100);
    /// Then any answer is better.
    private static final Duration OLD = Duration.ofMinutes(1);

    private final Database database;
    private final LongSupplier nanos;
    private final @Nullable Pulse asking;
    private volatile @Nullable Reading last;

    /// @param time of the database
    /// @param nanos when it was so
    private record Reading(Instant time, long nanos, boolean quick) {

        Instant at(long now) {
            return time.plusNanos(now - nanos);
        }
    }

    private DatabaseClock(Database database, LongSupplier nanos, boolean asks) {
        this.database = database;
        this.nanos = nanos;
        if (asks) {
            ask();
        }
        asking = asks ? new Pulse("clock", ASKED_EACH, this::ask) : null;
    }

    /// The clock of a database.
    public static DatabaseClock on(Database database) {
        return new DatabaseClock(database, System::nanoTime, database instanceof PostgresDatabase);
    }

    /// That of a PostgreSQL database.
    ///
    /// @param nanos time as it passes, as `System.nanoTime`
    static DatabaseClock on(PostgresDatabase database, LongSupplier nanos) {
        return new DatabaseClock(database, nanos, true);
    }

    @Override
    public Instant instant() {
        Reading reading = last;
        return reading == null ? Instant.now() : reading.at(nanos.getAsLong());
    }

    /// Asks the database for its time.
    void ask() {
        Reading reading = database.read(connection -> {
            try (Statement statement = connection.createStatement()) {
                long before = nanos.getAsLong();
                try (ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
                    row.next();
                    Instant time = row.getObject(1, OffsetDateTime.class).toInstant();
                    long taken = nanos.getAsLong() - before;
                    return new Reading(time, before + taken / 2, taken <= QUICK.toNanos());
                }
            }
        });
        Reading known = last;
        if (known == null || reading.quick() || reading.nanos() - known.nanos() > OLD.toNanos()) {
            last = reading;
        }
    }

    @Override
    public void close() {
        Optional.ofNullable(asking).ifPresent(Pulse::close);
    }
}
