package dev.telltale.database;

import dev.telltale.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteErrorCode;

/// What an error of SQLite means to the caller: a store that does not work, or a mistake of ours.
final class SqliteFailure {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private SqliteFailure() {}

    /// The exception to throw for `error`.
    static RuntimeException of(SQLException error) {
        if (isFull(error)) {
            return full();
        }
        if (isOfTheStore(error)) {
            return unavailable();
        }
        return new IllegalStateException("a statement failed: " + error.getMessage(), error);
    }

    /// What to tell a caller for whose data there was no room.
    static Problem full() {
        return DatabaseProblem.STORAGE_FULL.because(
                "the disk of the data directory is full; nothing of this request was stored; free some space");
    }

    /// What to tell a caller while the disk fails.
    static Problem unavailable() {
        return DatabaseProblem.STORE_UNAVAILABLE
                .because("the data directory cannot be read or written now; nothing of this request was acknowledged;"
                        + " the log has the cause")
                .retryAfter(RETRY_AFTER);
    }

    /// Whether there was no room for what was to be written.
    static boolean isFull(SQLException error) {
        return is(error, SQLiteErrorCode.SQLITE_FULL);
    }

    /// Whether disk, file system or memory failed, and not the statement.
    static boolean isOfTheStore(SQLException error) {
        return isFull(error)
                || is(error, SQLiteErrorCode.SQLITE_IOERR)
                || is(error, SQLiteErrorCode.SQLITE_CORRUPT)
                || is(error, SQLiteErrorCode.SQLITE_NOTADB)
                || is(error, SQLiteErrorCode.SQLITE_READONLY)
                || is(error, SQLiteErrorCode.SQLITE_CANTOPEN)
                || is(error, SQLiteErrorCode.SQLITE_BUSY)
                || is(error, SQLiteErrorCode.SQLITE_LOCKED)
                || is(error, SQLiteErrorCode.SQLITE_NOMEM);
    }

    /// The driver keeps the primary code in the vendor code; extended codes differ above the low byte.
    private static boolean is(SQLException error, SQLiteErrorCode code) {
        return (error.getErrorCode() & 0xff) == code.code;
    }
}
