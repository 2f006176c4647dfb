package dev.telltale.database;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/// What an error of SQLite means to the caller: a store that does not work, or a mistake of ours.
final class SqliteFailure {

    private SqliteFailure() {}

    /// The exception to throw for `error`.
    static RuntimeException of(SQLException error) {
        if (isFull(error)) {
            return DiskFailure.full();
        }
        if (isOfTheStore(error)) {
            return DiskFailure.unavailable();
        }
        return new IllegalStateException("a statement failed: " + error.getMessage(), error);
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
