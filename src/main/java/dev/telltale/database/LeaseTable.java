package dev.telltale.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leases that processes on one PostgreSQL database share. Whether one is over is judged by the database's clock, and
/// by the holder itself by the time that passes on its machine since it last asked; no clock that can be set counts.
///
/// A holder gets a number, one higher than that of the one before. `require` locks the row that has it, so that
/// the next holder waits until the transaction has ended.
final class LeaseTable implements Leases {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseTable.class);

    /// How long one is kept after it was asked for, as `HELD` says it to the database.
    static final Duration LENGTH = Duration.ofSeconds(15);
    /// With it another process gets a lease at most 18 seconds after its holder is gone.
    static final Duration ASKED_EACH = Duration.ofSeconds(3);
    /// A holder hears so late at most that it was not answered in time.
    private static final Duration TOLD_EACH = Duration.ofSeconds(1);
    /// Until the answer is there; one that comes late is worth nothing.
    private static final int PATIENCE_SECONDS = 5;

    private static final String HELD = "clock_timestamp() + interval '15 seconds'";
    private static final String ASK = "INSERT INTO lease (name, owner, token, until) VALUES (?, ?, 1, " + HELD + ")"
            + " ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = " + HELD + ","
            + " token = CASE WHEN lease.owner = excluded.owner THEN lease.token ELSE lease.token + 1 END"
            + " WHERE lease.owner = excluded.owner OR lease.until < clock_timestamp()"
            + " RETURNING token";

    private final PostgresDatabase database;
    private final String self;
    private final LongSupplier nanos;
    private final Map<String, Shared> leases = new ConcurrentHashMap<>();
    private final Pulse asking;
    private final Pulse telling;

    /// @param self the name of this process, which no other has
    /// @param nanos time as it passes, as `System.nanoTime`
    LeaseTable(PostgresDatabase database, String self, LongSupplier nanos) {
        this(database, self, nanos, ASKED_EACH);
    }

    /// @param pause between the times that all leases are asked for
    LeaseTable(PostgresDatabase database, String self, LongSupplier nanos, Duration pause) {
        this.database = database;
        this.self = self;
        this.nanos = nanos;
        telling = new Pulse("lease-news", TOLD_EACH, () -> leases.values().forEach(Shared::tell));
        asking = new Pulse("leases", pause, this::ask);
    }

    @Override
    public Lease lease(String name) {
        return leases.computeIfAbsent(name, Shared::new);
    }

    /// Asks for all of them, or for their next 15 seconds.
    void ask() {
        RuntimeException failure = null;
        for (Shared lease : leases.values()) {
            try {
                lease.ask();
            } catch (RuntimeException e) { // or others would be lost for this one
                failure = e;
            }
        }
        telling.wake();
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        asking.close();
        leases.values().forEach(Shared::giveBack);
        telling.close();
        leases.values().forEach(Shared::tell);
    }

    /// When a lease was asked for last with success.
    ///
    /// @param token of its holder, which is this process
    /// @param asked by `nanos`, before the database was told
    private record Hold(long token, long asked) {

        static final Hold NONE = new Hold(0, 0);
    }

    /// A listener and the number of the holder that it knows of, 0 if it is another process.
    private static final class Told {

        private final LeaseListener listener;
        private long token;

        Told(LeaseListener listener) {
            this.listener = listener;
        }
    }

    private final class Shared implements Lease {

        private final String name;
        private final List<Told> listeners = new CopyOnWriteArrayList<>();
        private volatile Hold hold = Hold.NONE;

        Shared(String name) {
            this.name = name;
        }

        @Override
        public boolean isHeld() {
            return token() != 0;
        }

        @Override
        public void require(Connection connection) throws SQLException {
            long token = hold.token(); // the row decides, however long ago this was
            try (PreparedStatement lock = connection.prepareStatement(
                    "SELECT 1 FROM lease WHERE name = ? AND owner = ? AND token = ? FOR SHARE")) {
                lock.setString(1, name);
                lock.setString(2, self);
                lock.setLong(3, token);
                try (ResultSet row = lock.executeQuery()) {
                    if (!row.next()) {
                        throw new LeaseLost(name);
                    }
                }
            }
        }

        @Override
        public void listen(LeaseListener listener) {
            listeners.add(new Told(listener));
        }

        private void ask() {
            long asked = nanos.getAsLong();
            long token = database.writeSign(connection -> {
                try (PreparedStatement ask = connection.prepareStatement(ASK)) {
                    ask.setQueryTimeout(PATIENCE_SECONDS);
                    ask.setString(1, name);
                    ask.setString(2, self);
                    try (ResultSet row = ask.executeQuery()) {
                        return row.next() ? row.getLong(1) : 0L;
                    }
                }
            });
            hold = token == 0 ? Hold.NONE : new Hold(token, asked);
        }

        private long token() {
            Hold now = hold;
            return now.token() != 0 && nanos.getAsLong() - now.asked() < LENGTH.toNanos() ? now.token() : 0;
        }

        private synchronized void tell() {
            long now = token();
            for (Told told : listeners) {
                if (told.token != now) {
                    boolean wasHeld = told.token != 0;
                    told.token = now;
                    tell(told.listener, wasHeld, now != 0);
                }
            }
        }

        private void tell(LeaseListener listener, boolean wasHeld, boolean isHeld) {
            try {
                if (wasHeld) {
                    listener.lost();
                }
                if (isHeld) {
                    listener.gained();
                }
            } catch (RuntimeException e) { // or others would not hear of it
                LOG.error("Who was told of the lease '{}' failed", name, e);
            }
        }

        private void giveBack() {
            Hold last = hold;
            hold = Hold.NONE;
            if (last.token() == 0) {
                return;
            }
            try {
                database.writeAlone(connection -> {
                    try (PreparedStatement end = connection.prepareStatement(
                            "UPDATE lease SET until = to_timestamp(0) WHERE name = ? AND owner = ? AND token = ?")) {
                        end.setString(1, name);
                        end.setString(2, self);
                        end.setLong(3, last.token());
                        return end.executeUpdate();
                    }
                });
            } catch (RuntimeException e) {
                LOG.info("Another process gets the lease '{}' in some seconds: {}", name, e.getMessage());
            }
        }
    }
}
