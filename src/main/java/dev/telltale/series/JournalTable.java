package dev.telltale.series;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// The journal table of an embedded database.
final class JournalTable {

    private JournalTable() {}

    /// Is told of each row at start.
    interface Row {
        void accept(long sequence, byte[] samples);
    }

    /// Rows that are gone.
    record Deleted(int rows, long bytes) {}

    /// Hands every row over, the oldest first.
    static int forEach(Connection connection, Row consumer) throws SQLException {
        int count = 0;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sequence, samples FROM journal ORDER BY sequence")) {
            while (row.next()) {
                consumer.accept(row.getLong(1), row.getBytes(2));
                count++;
            }
        }
        return count;
    }

    static int insert(Connection connection, long sequence, byte[] samples) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO journal (sequence, samples) VALUES (?, ?)")) {
            statement.setLong(1, sequence);
            statement.setBytes(2, samples);
            return statement.executeUpdate();
        }
    }

    /// Deletes up to `limit` rows below this sequence, the oldest first.
    static Deleted deleteBelow(Connection connection, long sequence, int limit) throws SQLException {
        try (PreparedStatement sum = connection.prepareStatement(
                        "SELECT count(*), coalesce(sum(length(samples)), 0), max(sequence) FROM"
                                + " (SELECT sequence, samples FROM journal WHERE sequence < ? ORDER BY sequence LIMIT ?) oldest");
                PreparedStatement delete = connection.prepareStatement("DELETE FROM journal WHERE sequence <= ?")) {
            sum.setLong(1, sequence);
            sum.setInt(2, limit);
            try (ResultSet row = sum.executeQuery()) {
                row.next();
                Deleted deleted = new Deleted(row.getInt(1), row.getLong(2));
                if (deleted.rows() > 0) {
                    delete.setLong(1, row.getLong(3));
                    delete.executeUpdate();
                }
                return deleted;
            }
        }
    }
}
