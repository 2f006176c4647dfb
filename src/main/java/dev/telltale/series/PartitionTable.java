package dev.telltale.series;

import dev.telltale.database.DatabaseUnusable;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The tables of the partitions and of their logs, in PostgreSQL.
final class PartitionTable {

    /// By which it is seen that rows were added to a log: what `sequence` gives of each partition, in their order.
    static final String SEQUENCES_MARK =
            "(SELECT string_agg(CAST(sequence AS text), ' ' ORDER BY partition) FROM store_partition)";

    /// By which it is seen that a partition has come to another.
    static final String OWNERS_MARK =
            "(SELECT string_agg(epoch || coalesce(owner, ''), ' ' ORDER BY partition) FROM store_partition)";

    /// Rows of up to some hundred kilobytes that are in memory at once.
    private static final int FETCHED = 16;

    private PartitionTable() {}

    /// Is told of a row.
    interface Taker {

        /// Takes it, and says whether it wants the next one too.
        boolean take(LogRow row) throws SQLException;
    }

    /// Makes the partitions if there are none yet.
    ///
    /// @throws DatabaseUnusable if there is another number of them
    static int prepare(Connection connection, int partitions) throws SQLException {
        int present;
        try (Statement count = connection.createStatement();
                ResultSet row = count.executeQuery("SELECT count(*) FROM store_partition")) {
            row.next();
            present = row.getInt(1);
        }
        if (present == 0) {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO store_partition (partition) SELECT * FROM generate_series(0, ?)")) {
                insert.setInt(1, partitions - 1);
                return insert.executeUpdate();
            }
        }
        if (present != partitions) {
            throw new DatabaseUnusable(
                    "The store of the database has " + present + " partitions, and telltale.store.partitions says "
                            + partitions + ".",
                    "Their number is that of the first start and stays: set telltale.store.partitions=" + present
                            + ".");
        }
        return present;
    }

    /// Locks partitions against all others who write to them, in their order, and gives the sequence of the last row of
    /// the log of each. Who only needs that their owners stay is not kept waiting, and keeps nobody waiting here.
    static Map<Integer, Long> lock(Connection connection, Collection<Integer> partitions) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT partition, sequence FROM store_partition"
                + " WHERE partition = ANY(?) ORDER BY partition FOR NO KEY UPDATE")) {
            Array wanted = connection.createArrayOf("int2", partitions.toArray());
            try {
                statement.setArray(1, wanted);
                return sequences(statement);
            } finally {
                wanted.free();
            }
        }
    }

    /// Sequence of the last row of the log of each partition.
    static Map<Integer, Long> sequences(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT partition, sequence FROM store_partition")) {
            return sequences(statement);
        }
    }

    private static Map<Integer, Long> sequences(PreparedStatement statement) throws SQLException {
        Map<Integer, Long> sequences = new TreeMap<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                sequences.put(row.getInt(1), row.getLong(2));
            }
        }
        return sequences;
    }

    /// Who owns a partition.
    ///
    /// @param epoch how often it has got an owner
    record Ownership(int partition, Optional<String> owner, long epoch) {}

    /// Who owns the partitions, by their numbers.
    static List<Ownership> ownerships(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT partition, owner, epoch FROM store_partition ORDER BY partition");
                ResultSet row = select.executeQuery()) {
            List<Ownership> all = new ArrayList<>();
            while (row.next()) {
                all.add(new Ownership(row.getInt(1), Optional.ofNullable(row.getString(2)), row.getLong(3)));
            }
            return all;
        }
    }

    /// Locks a partition against everybody, also against those who need that its owner stays, and tells who that is.
    ///
    /// @param patience how long to wait for them
    /// @throws SQLException if they have not ended by then
    static Optional<String> lockOwner(Connection connection, int partition, Duration patience) throws SQLException {
        try (Statement wait = connection.createStatement()) {
            wait.execute("SET LOCAL lock_timeout = " + patience.toMillis());
        }
        try (PreparedStatement select =
                connection.prepareStatement("SELECT owner FROM store_partition WHERE partition = ? FOR UPDATE")) {
            select.setInt(1, partition);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("there is no partition " + partition);
                }
                return Optional.ofNullable(row.getString(1));
            }
        }
    }

    /// Makes somebody the owner of a partition that the transaction has locked.
    ///
    /// @return the new epoch
    static long own(Connection connection, int partition, String owner) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE store_partition SET owner = ?, epoch = epoch + 1 WHERE partition = ? RETURNING epoch")) {
            update.setString(1, owner);
            update.setInt(2, partition);
            try (ResultSet row = update.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /// Gives a partition up, if it is owned so still.
    static int release(Connection connection, int partition, String owner, long epoch) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE store_partition SET owner = NULL WHERE partition = ? AND owner = ? AND epoch = ?")) {
            update.setInt(1, partition);
            update.setString(2, owner);
            update.setLong(3, epoch);
            return update.executeUpdate();
        }
    }

    /// Makes sure that a partition stays owned so until the transaction ends; who writes samples is not in the way.
    ///
    /// @return whether it is owned so
    static boolean keepOwner(Connection connection, int partition, String owner, long epoch) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT 1 FROM store_partition WHERE partition = ? AND owner = ? AND epoch = ? FOR KEY SHARE")) {
            select.setInt(1, partition);
            select.setString(2, owner);
            select.setLong(3, epoch);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /// Sequence of the last row of the log of a partition.
    static long sequence(Connection connection, int partition) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT sequence FROM store_partition WHERE partition = ?")) {
            statement.setInt(1, partition);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("there is no partition " + partition);
                }
                return row.getLong(1);
            }
        }
    }

    /// Hands the rows of the log of a partition over in their order.
    ///
    /// @param after sequence before that of the first
    /// @param to sequence of the last
    static void rows(Connection connection, int partition, long after, long to, Taker taker) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT sequence, kind, samples FROM journal"
                + " WHERE partition = ? AND sequence > ? AND sequence <= ? ORDER BY sequence")) {
            statement.setFetchSize(FETCHED);
            statement.setInt(1, partition);
            statement.setLong(2, after);
            statement.setLong(3, to);
            try (ResultSet row = statement.executeQuery()) {
                boolean wantsMore = true;
                while (wantsMore && row.next()) {
                    wantsMore = taker.take(LogRow.read(partition, row.getLong(1), row.getInt(2), row.getBytes(3)));
                }
            }
        }
    }

    /// Tells of the ends that senders have told of, as far as the log still holds them.
    ///
    /// @param to sequence of the last row
    static void ends(Connection connection, int partition, long to, LogRow.Taker ends) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT sequence, kind, samples FROM journal"
                + " WHERE partition = ? AND kind = ? AND sequence <= ? ORDER BY sequence")) {
            statement.setInt(1, partition);
            statement.setInt(2, LogRow.Kind.ENDED.number());
            statement.setLong(3, to);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    LogRow.read(partition, row.getLong(1), row.getInt(2), row.getBytes(3))
                            .tellEnds(ends);
                }
            }
        }
    }

    /// Adds rows, each the next one of its partition.
    static void append(Connection connection, List<LogRow> rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO journal (partition, sequence, kind, samples) VALUES (?, ?, ?, ?)");
                PreparedStatement update =
                        connection.prepareStatement("UPDATE store_partition SET sequence = ? WHERE partition = ?")) {
            for (LogRow row : rows) {
                insert.setInt(1, row.partition());
                insert.setLong(2, row.sequence());
                insert.setInt(3, row.kind().number());
                insert.setBytes(4, row.bytes());
                insert.addBatch();
                update.setLong(1, row.sequence());
                update.setInt(2, row.partition());
                update.addBatch();
            }
            insert.executeBatch();
            update.executeBatch();
        }
    }

    /// Deletes up to `limit` rows below this sequence, the oldest first.
    ///
    /// @return how many
    static int deleteBelow(Connection connection, int partition, long sequence, int limit) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM journal WHERE partition = ?"
                + " AND sequence IN (SELECT sequence FROM journal WHERE partition = ? AND sequence < ?"
                + " ORDER BY sequence LIMIT ?)")) {
            delete.setInt(1, partition);
            delete.setInt(2, partition);
            delete.setLong(3, sequence);
            delete.setInt(4, limit);
            return delete.executeUpdate();
        }
    }

    /// Bytes of all rows of a partition.
    static long bytes(Connection connection, int partition) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT coalesce(sum(length(samples)), 0) FROM journal WHERE partition = ?")) {
            statement.setInt(1, partition);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
