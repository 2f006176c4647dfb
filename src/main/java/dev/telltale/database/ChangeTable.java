package dev.telltale.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The feed of changes that processes on one PostgreSQL database share. Ordered writes alone add to it, each before the
/// next begins, so ids become visible in their order, and all that is new has a higher id than what was read.
///
/// What is older than 10 minutes is removed but for the newest such row. So the oldest row there is tells whether
/// somebody has missed one: it is old, and was not read.
final class ChangeTable implements Changes {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeTable.class);
    private static final String MARK = "(SELECT max(id) FROM change)";
    /// Where nothing has changed.
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration TRIM = Duration.ofMinutes(1);
    private static final int AT_ONCE = 1_000;

    private static final String IS_OLD = "at < clock_timestamp() - interval '10 minutes'";
    private static final String NEWS = "SELECT id, kind, subject FROM change WHERE id > ? ORDER BY id LIMIT " + AT_ONCE;

    private final PostgresDatabase database;
    private final List<Heard> listeners = new CopyOnWriteArrayList<>();
    private final Pulse looks;
    private final Pulse trims;

    /// Held by who looks and tells; guards the following.
    private final ReentrantLock looking = new ReentrantLock();

    private long last;
    private volatile long looksBegun;
    private long looksDone;

    ChangeTable(PostgresDatabase database) {
        this(database, LOOK);
        database.follow(MARK, looks);
    }

    /// One that looks when it is asked to.
    ///
    /// @param pause between looks that nobody asks for
    ChangeTable(PostgresDatabase database, Duration pause) {
        this.database = database;
        last = database.read(connection -> number(connection, "SELECT coalesce(max(id), 0) FROM change"));
        looks = new Pulse("changes", pause, this::tellAll);
        trims = new Pulse("old-changes", TRIM, this::trim);
    }

    @Override
    public void note(Connection connection, String kind, String subject) throws SQLException {
        if (!database.isOrdered()) {
            throw new IllegalStateException("a change is noted in an ordered write, or it could be overlooked");
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO change (kind, subject) VALUES (?, ?)")) {
            insert.setString(1, kind);
            insert.setString(2, subject);
            insert.executeUpdate();
        }
    }

    @Override
    public void catchUp() {
        if (looking.isHeldByCurrentThread()) {
            throw new IllegalStateException("who is told of changes would wait for itself");
        }
        long before = looksBegun;
        looking.lock();
        try {
            if (looksDone > before) {
                return; // a look that began after this was asked for has ended
            }
            long number = looksBegun + 1;
            looksBegun = number;
            look();
            looksDone = number;
        } finally {
            looking.unlock();
        }
    }

    /// @throws IllegalStateException if somebody could not be told: that one is told again soon
    private void tellAll() {
        catchUp();
        looking.lock();
        try {
            if (listeners.stream().anyMatch(heard -> heard.missed)) {
                throw new IllegalStateException("somebody could not be told of all changes");
            }
        } finally {
            looking.unlock();
        }
    }

    @Override
    public void listen(String kind, ChangeListener listener) {
        listeners.add(new Heard(kind, listener));
    }

    /// Removes what is old but for one.
    void trim() {
        database.writeAlone(connection -> {
            try (Statement delete = connection.createStatement()) {
                return delete.executeUpdate(
                        "DELETE FROM change WHERE id < (SELECT max(id) FROM change WHERE " + IS_OLD + ")");
            }
        });
    }

    @Override
    public void close() {
        looks.close();
        trims.close();
    }

    /// @param id 0 of none
    private record Row(long id, String kind, String subject) {}

    /// What was found in one state of the database.
    ///
    /// @param missed whether there were others that are removed already
    private record Found(boolean missed, List<Row> rows) {}

    private void look() {
        boolean more = true;
        while (more) {
            Found found = database.read(this::find);
            if (found.missed()) {
                LOG.warn("This process has missed changes that others made; all that it keeps is read anew");
                listeners.forEach(heard -> heard.missed = true);
            }
            for (Row row : found.rows()) {
                listeners.stream()
                        .filter(heard -> heard.kind.equals(row.kind()))
                        .forEach(heard -> heard.tell(row.subject()));
                last = row.id();
            }
            listeners.forEach(Heard::tellMissed);
            more = found.rows().size() == AT_ONCE;
        }
    }

    private Found find(Connection connection) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(NEWS)) {
            select.setLong(1, last);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(row.getLong("id"), row.getString("kind"), row.getString("subject")));
                }
            }
        }
        return new Found(!rows.isEmpty() && number(connection, oldestThatIsOld()) > last, rows);
    }

    private static String oldestThatIsOld() {
        return "SELECT coalesce(max(id), 0) FROM (SELECT id, at FROM change ORDER BY id LIMIT 1) oldest WHERE "
                + IS_OLD;
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /// Who listens; used by who looks alone.
    private static final class Heard {

        private final String kind;
        private final ChangeListener listener;
        /// Whether it has to be told that all may have changed.
        private boolean missed;

        Heard(String kind, ChangeListener listener) {
            this.kind = kind;
            this.listener = listener;
        }

        void tell(String subject) {
            if (!missed) {
                attempt(() -> listener.changed(subject));
            }
        }

        void tellMissed() {
            if (missed) {
                missed = false;
                attempt(listener::all);
            }
        }

        private void attempt(Runnable news) {
            try {
                news.run();
            } catch (RuntimeException e) { // or others would not hear of it
                LOG.error("Who was told of a change of '{}' failed", kind, e);
                missed = true;
            }
        }
    }
}
