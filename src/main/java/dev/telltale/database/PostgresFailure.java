package dev.telltale.database;

import dev.telltale.problem.Problem;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Set;

/// What an error of PostgreSQL, by its SQLSTATE, means to the caller: a server that does not work, one that is busy,
/// or a mistake of ours.
///
/// @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
final class PostgresFailure {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private static final String DISK_FULL = "53100";
    /// A connection, who may have one, resources, the operator, errors outside the server, and its own.
    private static final Set<String> SERVER_CLASSES = Set.of("08", "28", "53", "57", "58", "F0");

    /// A transaction that may only read, since the server is a standby, or that was idle for too long; no such
    /// database; files of the server that are damaged.
    private static final Set<String> SERVER = Set.of("25006", "25P03", "3D000", "XX001", "XX002");

    /// A lock that was not free in time, a statement that took too long, a deadlock, and states that passed each other.
    private static final Set<String> CONTENTION = Set.of("55P03", "57014", "40P01", "40001");

    private PostgresFailure() {}

    /// The exception to throw for `error`.
    static RuntimeException of(SQLException error) {
        if (isFull(error)) {
            return DatabaseProblem.STORAGE_FULL.because(
                    "the disk of the database server is full; nothing of this request was stored; free some space");
        }
        if (isContention(error)) {
            return overloaded();
        }
        if (isOfTheServer(error)) {
            return unavailable();
        }
        return new IllegalStateException("a statement failed: " + error.getMessage(), error);
    }

    /// What to tell a caller while the server cannot be reached or does not work.
    static Problem unavailable() {
        return DatabaseProblem.STORE_UNAVAILABLE
                .because("the database server does not answer now; nothing of this request was acknowledged;"
                        + " the log has the cause")
                .retryAfter(RETRY_AFTER);
    }

    /// What to tell a caller who waited in vain for others.
    static Problem overloaded() {
        return DatabaseProblem.STORE_OVERLOADED
                .because("the database was busy with others for too long; nothing of this request was stored")
                .retryAfter(RETRY_AFTER);
    }

    /// Whether there was no room for what was to be written.
    static boolean isFull(SQLException error) {
        return state(error).equals(DISK_FULL);
    }

    /// Whether the server or the way to it failed, and not the statement.
    static boolean isOfTheServer(SQLException error) {
        String state = state(error);
        return !isFull(error)
                && !isContention(error)
                && (SERVER.contains(state) || (state.length() == 5 && SERVER_CLASSES.contains(state.substring(0, 2))));
    }

    /// Whether others were in the way. The pool has no state of its own for a connection that was not free in time.
    static boolean isContention(SQLException error) {
        return CONTENTION.contains(state(error))
                || (error instanceof SQLTransientConnectionException
                        && state(error).isEmpty());
    }

    private static String state(SQLException error) {
        String state = error.getSQLState();
        return state == null ? "" : state;
    }
}
