package dev.telltale.series;

import dev.telltale.database.Database;
import dev.telltale.database.SqlWork;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/// The journal: one row for each accepted batch until all its samples are in chunks. Sequences ascend
/// for each series, since who appends holds its series; rows of different series may reach the disk in
/// any order.
final class Journal {

    /// Reads a row at start.
    interface Replay {
        void run(long sequence, long seriesId, Samples samples);
    }

    private final Database database;
    private final AtomicLong bytes = new AtomicLong();
    private final TreeSet<Long> underWay = new TreeSet<>(); // guarded by itself
    private long nextSequence; // guarded by underWay

    /// @param highestSequence above all that chunks hold; the journal's own rows are counted too
    Journal(Database database, long highestSequence) {
        this.database = database;
        nextSequence = highestSequence + 1;
    }

    /// Hands every sample of every row over, oldest row first.
    void replay(Replay replay) {
        database.read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT sequence, samples FROM journal ORDER BY sequence")) {
                while (row.next()) {
                    long sequence = row.getLong(1);
                    byte[] samples = row.getBytes(2);
                    JournalCodec.decode(sequence, samples, (id, run) -> replay.run(sequence, id, run));
                    bytes.addAndGet(samples.length);
                    nextSequence = Math.max(nextSequence, sequence + 1);
                }
            }
            return true;
        });
    }

    /// The sequence of a row about to be written; its samples count as not compacted until `ended`.
    long begin() {
        synchronized (underWay) {
            long sequence = nextSequence++;
            underWay.add(sequence);
            return sequence;
        }
    }

    /// Writes a row, and in the same transaction what belongs to it; both are on disk when this returns.
    void write(long sequence, SortedBatch batch, Optional<SqlWork<?>> together) {
        byte[] row = JournalCodec.encode(sequence, batch);
        database.write(connection -> {
            int rows = insert(connection, sequence, row);
            if (together.isPresent()) {
                together.get().run(connection);
            }
            return rows;
        });
        bytes.addAndGet(row.length);
    }

    /// The samples of the row are in their heads now, or the row was not written.
    void ended(long sequence) {
        synchronized (underWay) {
            underWay.remove(sequence);
        }
    }

    /// The lowest sequence of rows that are under way or not begun. To find the rows that nobody needs,
    /// ask this first and the heads afterwards: samples move from here to the heads, not back.
    long oldestUnderWay() {
        synchronized (underWay) {
            return underWay.isEmpty() ? nextSequence : underWay.first();
        }
    }

    /// Deletes up to `limit` rows below this sequence, the oldest first.
    ///
    /// @return whether none is left
    boolean trim(long sequence, int limit) {
        return database.writeFromReserve(connection -> {
            try (PreparedStatement sum = connection.prepareStatement(
                            "SELECT count(*), total(length(samples)), max(sequence) FROM"
                                    + " (SELECT sequence, samples FROM journal WHERE sequence < ? ORDER BY sequence LIMIT ?)");
                    PreparedStatement delete = connection.prepareStatement("DELETE FROM journal WHERE sequence <= ?")) {
                sum.setLong(1, sequence);
                sum.setInt(2, limit);
                try (ResultSet row = sum.executeQuery()) {
                    int rows = row.getInt(1);
                    if (rows > 0) {
                        delete.setLong(1, row.getLong(3));
                        delete.executeUpdate();
                        bytes.addAndGet(-row.getLong(2));
                    }
                    return rows < limit;
                }
            }
        });
    }

    /// Bytes of all rows.
    long bytes() {
        return bytes.get();
    }

    private static int insert(Connection connection, long sequence, byte[] samples) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO journal (sequence, samples) VALUES (?, ?)")) {
            statement.setLong(1, sequence);
            statement.setBytes(2, samples);
            return statement.executeUpdate();
        }
    }
}
