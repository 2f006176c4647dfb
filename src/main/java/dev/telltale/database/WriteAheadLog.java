package dev.telltale.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// The log of a database, which commits are written to before the database file.
///
/// @param connection of the writer
record WriteAheadLog(Connection connection) {

    /// Pages that are not in the database file yet.
    int pages() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet log = statement.executeQuery("PRAGMA wal_checkpoint(NOOP)")) {
            return log.getInt("log") - log.getInt("checkpointed");
        }
    }

    /// Moves to the database file what no reader keeps from it.
    void shorten() throws SQLException {
        checkpoint("PASSIVE");
    }

    /// Brings all that is committed to the database file, which is synced then, and begins the log anew. It waits for
    /// readers as long as the connection waits for locks.
    ///
    /// @return whether no reader was in its way
    boolean beginAnew() throws SQLException {
        return checkpoint("TRUNCATE");
    }

    private boolean checkpoint(String mode) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet outcome = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
            return outcome.getInt("busy") == 0;
        }
    }
}
