package dev.telltale.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// Numbers that ascend and are never given again, to whichever process: a row of the table `counter`.
///
/// Whoever takes numbers in a transaction keeps others waiting until it ends, so those become visible in their order.
/// Those of a block are given without asking the database, in the order of one process alone; the rest of a block is
/// lost with its process.
public final class Counter {

    private final Database database;
    private final String name;
    private final int block;
    private long next;
    private long end;

    /// @param block how many numbers `next` takes at once, at least 1
    public Counter(Database database, String name, int block) {
        if (block < 1) {
            throw new IllegalArgumentException("a block has at least 1 number, not " + block);
        }
        this.database = database;
        this.name = name;
        this.block = block;
    }

    /// The next number of a block of this process. Not to be called in a work.
    ///
    /// @throws dev.telltale.problem.Problem if a new block is needed and the database does not work now
    public synchronized long next() {
        if (next == end) {
            long last = database.writeAlone(connection -> take(connection, block));
            end = last + 1;
            next = end - block;
        }
        return next++;
    }

    /// Takes numbers in a transaction: they are given if it is committed.
    ///
    /// @return the last of them
    public long take(Connection connection, int count) throws SQLException {
        try (PreparedStatement take = connection.prepareStatement("INSERT INTO counter (name, value) VALUES (?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value")) {
            take.setString(1, name);
            take.setLong(2, count);
            try (ResultSet last = take.executeQuery()) {
                last.next();
                return last.getLong(1);
            }
        }
    }

    /// The last number that was taken, 0 if none was.
    public long last(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM counter WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet last = select.executeQuery()) {
                return last.next() ? last.getLong(1) : 0;
            }
        }
    }
}
