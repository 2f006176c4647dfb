package dev.telltale.http;

import dev.telltale.database.Database;
import dev.telltale.database.Replicas;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.type.TypeReference;

/// Answers that are kept by the keys of their requests: for a day, and the newest of very many, a caller's own and all.
///
/// Where several processes share the database, a request under way has a row too, with its process for an owner. If
/// that dies another may do the request anew.
final class AnswerTable implements AutoCloseable {

    static final Duration KEPT_FOR = Duration.ofHours(24);
    static final int MOST_KEPT = 10_000;
    static final int MOST_OF_A_CALLER = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(AnswerTable.class);

    private final Database database;
    private final Json json;
    private final InstantSource clock;
    private final Replicas replicas;
    /// Keys of requests that are over and whose rows could not be removed: while this process lives, others would wait
    /// for them.
    private final Set<String> owed = ConcurrentHashMap.newKeySet();
    private final ReentrantLock freeing = new ReentrantLock(); // held while one of them is given free

    private final ScheduledExecutorService settling = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("answers").daemon().factory());

    AnswerTable(Database database, Json json, InstantSource clock, Replicas replicas) {
        this.database = database;
        this.json = json;
        this.clock = clock;
        this.replicas = replicas;
        if (replicas.areShared()) {
            Future<?> _ = settling.scheduleWithFixedDelay(this::settle, 1, 1, TimeUnit.SECONDS);
        }
    }

    /// What is to be done with a request.
    sealed interface Claim {

        /// It is to be worked on here; then it is kept or released.
        record Granted() implements Claim {}

        /// Another process works on it.
        record Running() implements Claim {}

        /// It was done.
        record Done(KeptAnswer answer) implements Claim {}
    }

    /// Begins a request, unless it was done or another process is at it. That nobody of this process is, the caller
    /// knows.
    ///
    /// @param key the caller's name, a line feed, and the key it sent; the latter alone where nobody shows a name
    Claim claim(String key) {
        if (!replicas.areShared()) {
            return find(key).<Claim>map(Claim.Done::new).orElseGet(Claim.Granted::new);
        }
        keepClaimed(key);
        try {
            return claimed(key);
        } catch (RuntimeException unknown) { // the row may be there all the same
            owed.add(key);
            throw unknown;
        }
    }

    /// What is worked on again is not given free any more.
    private void keepClaimed(String key) {
        freeing.lock();
        try {
            owed.remove(key);
        } finally {
            freeing.unlock();
        }
    }

    private Claim claimed(String key) {
        return database.writeAlone(connection -> {
            if (isNew(connection, key)) {
                return new Claim.Granted();
            }
            // Locked, so that of all who find its owner dead one takes its place.
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT fingerprint, status, headers, body, owner, created FROM answer WHERE key = ? FOR UPDATE")) {
                select.setString(1, key);
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        return new Claim.Running(); // it has failed this moment
                    }
                    boolean isOver = row.getLong("created") <= expired();
                    boolean isDone = row.getString("headers") != null;
                    if (isDone && !isOver) {
                        return new Claim.Done(answer(row));
                    }
                    if (!isDone && !isOver && isAtIt(connection, row.getString("owner"))) {
                        return new Claim.Running();
                    }
                }
            }
            takeOver(connection, key);
            return new Claim.Granted();
        });
    }

    Optional<KeptAnswer> find(String key) {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT fingerprint, status, headers, body FROM answer"
                            + " WHERE key = ? AND created > ? AND status IS NOT NULL")) {
                select.setString(1, key);
                select.setLong(2, expired());
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(answer(row)) : Optional.empty();
                }
            }
        });
    }

    /// Keeps an answer, and forgets those whose time is over.
    void keep(String key, KeptAnswer answer) {
        boolean isKept = database.write(connection -> {
            forget(connection, key);
            return replicas.areShared() ? isEnded(connection, key, answer) : isPut(connection, key, answer);
        });
        if (!isKept) {
            LOG.warn(
                    "A request with an Idempotency-Key may have been done twice: other processes took this one for dead"
                            + " meanwhile");
        }
    }

    /// Ends a request of which nothing is kept: it may be sent again.
    void release(String key) {
        if (!replicas.areShared()) {
            return;
        }
        try {
            remove(key);
        } catch (RuntimeException e) {
            LOG.warn("An Idempotency-Key cannot be given free now; this is tried again: {}", e.getMessage());
            owed.add(key);
        }
    }

    /// Gives free what could not be before.
    void settle() {
        for (String key : List.copyOf(owed)) {
            freeing.lock();
            try {
                if (owed.contains(key)) {
                    remove(key);
                    owed.remove(key);
                }
            } catch (RuntimeException e) { // or it would not be tried again
                LOG.debug("An Idempotency-Key still cannot be given free", e);
                return;
            } finally {
                freeing.unlock();
            }
        }
    }

    @Override
    public void close() {
        settling.shutdownNow();
    }

    private boolean isNew(Connection connection, String key) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO answer (key, fingerprint, owner, created)"
                        + " VALUES (?, '', ?, ?) ON CONFLICT (key) DO NOTHING")) {
            insert.setString(1, key);
            insert.setString(2, replicas.self());
            insert.setLong(3, clock.millis());
            return insert.executeUpdate() == 1;
        }
    }

    /// Whether the owner of a request under way works on it. This process does not, for all that its row may say.
    private boolean isAtIt(Connection connection, String owner) throws SQLException {
        return !owner.equals(replicas.self()) && replicas.isAlive(connection, owner);
    }

    private void takeOver(Connection connection, String key) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE answer SET fingerprint = '', owner = ?,"
                + " status = NULL, headers = NULL, body = NULL, created = ? WHERE key = ?")) {
            update.setString(1, replicas.self());
            update.setLong(2, clock.millis());
            update.setString(3, key);
            update.executeUpdate();
        }
    }

    private KeptAnswer answer(ResultSet row) throws SQLException {
        Map<String, String> headers = json.mapper().readValue(row.getString("headers"), new TypeReference<>() {});
        return new KeptAnswer(row.getString("fingerprint"), row.getInt("status"), headers, row.getBytes("body"));
    }

    private void forget(Connection connection, String key) throws SQLException {
        String caller = key.substring(0, key.indexOf('\n') + 1); // names hold no line feed
        if (!caller.isEmpty()) {
            String behind = caller.replace('\n', (char) ('\n' + 1));
            try (PreparedStatement forgetOfCaller = connection.prepareStatement(
                    "DELETE FROM answer WHERE key >= ? AND key < ? AND status IS NOT NULL AND created <="
                            + " (SELECT created FROM answer WHERE key >= ? AND key < ?"
                            + " ORDER BY created DESC LIMIT 1 OFFSET ?)")) {
                forgetOfCaller.setString(1, caller);
                forgetOfCaller.setString(2, behind);
                forgetOfCaller.setString(3, caller);
                forgetOfCaller.setString(4, behind);
                forgetOfCaller.setInt(5, MOST_OF_A_CALLER - 1);
                forgetOfCaller.executeUpdate();
            }
        }
        try (PreparedStatement forget =
                connection.prepareStatement("DELETE FROM answer WHERE created <= ? OR status IS NOT NULL AND created <="
                        + " (SELECT created FROM answer ORDER BY created DESC LIMIT 1 OFFSET ?)")) {
            forget.setLong(1, expired());
            forget.setInt(2, MOST_KEPT - 1);
            forget.executeUpdate();
        }
    }

    private boolean isPut(Connection connection, String key, KeptAnswer answer) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO answer"
                + " (fingerprint, status, headers, body, created, key) VALUES (?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint,"
                + " status = excluded.status, headers = excluded.headers, body = excluded.body,"
                + " created = excluded.created")) {
            bind(insert, key, answer);
            return insert.executeUpdate() == 1;
        }
    }

    /// Only while the request is this process's own.
    private boolean isEnded(Connection connection, String key, KeptAnswer answer) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE answer SET fingerprint = ?, status = ?,"
                + " headers = ?, body = ?, created = ?, owner = NULL"
                + " WHERE key = ? AND owner = ? AND status IS NULL")) {
            bind(update, key, answer);
            update.setString(7, replicas.self());
            return update.executeUpdate() == 1;
        }
    }

    private void bind(PreparedStatement statement, String key, KeptAnswer answer) throws SQLException {
        statement.setString(1, answer.fingerprint());
        statement.setInt(2, answer.status());
        statement.setString(3, json.mapper().writeValueAsString(answer.headers()));
        statement.setBytes(4, answer.body());
        statement.setLong(5, clock.millis());
        statement.setString(6, key);
    }

    private void remove(String key) {
        database.writeAlone(connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM answer WHERE key = ? AND owner = ? AND status IS NULL")) {
                delete.setString(1, key);
                delete.setString(2, replicas.self());
                return delete.executeUpdate();
            }
        });
    }

    private long expired() {
        return clock.millis() - KEPT_FOR.toMillis();
    }
}
