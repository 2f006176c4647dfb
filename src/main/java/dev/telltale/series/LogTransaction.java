package dev.telltale.series;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A transaction that changes what is stored of the series of some partitions. It has locked these against everybody
/// else, and their heads are as new as can be until it ends. It ends with a row in the log of each partition that it
/// changed.
final class LogTransaction {

    private final Connection connection;
    private final Map<Integer, Long> sequences; // of the last row before, by partition
    private final List<LogRow> rows = new ArrayList<>();

    private LogTransaction(Connection connection, Map<Integer, Long> sequences) {
        this.connection = connection;
        this.sequences = sequences;
    }

    /// @param tails of the partitions
    static LogTransaction begin(Connection connection, List<PartitionTail> tails) throws SQLException {
        Map<Integer, Long> sequences = PartitionTable.lock(
                connection, tails.stream().map(PartitionTail::partition).toList());
        LogTransaction transaction = new LogTransaction(connection, sequences);
        for (PartitionTail tail : tails) {
            tail.readTo(connection, transaction.last(tail.partition()));
        }
        return transaction;
    }

    Connection connection() {
        return connection;
    }

    /// Looks at the chunks as this transaction has left them.
    ChunkReads chunks() {
        return ChunkReads.on(connection);
    }

    /// Sequence of the row that it adds to the log of this partition.
    long next(int partition) {
        return last(partition) + 1;
    }

    /// Notes the row of a partition, of which there is one at most.
    void add(LogRow row) {
        rows.add(row);
    }

    /// Writes the rows.
    void finish() throws SQLException {
        if (!rows.isEmpty()) {
            PartitionTable.append(connection, rows);
        }
    }

    /// The rows that it has written.
    List<LogRow> rows() {
        return rows;
    }

    private long last(int partition) {
        return Objects.requireNonNull(sequences.get(partition), "there is no such partition");
    }
}
