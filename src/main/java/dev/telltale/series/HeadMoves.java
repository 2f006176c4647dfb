package dev.telltale.series;

import dev.telltale.database.TemporaryFile;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// How samples come from heads to chunks, in a transaction that has locked the partitions of their series.
final class HeadMoves {

    private HeadMoves() {}

    /// Writes what heads hold to chunks.
    ///
    /// @param newest takes the time of the newest sample of each series that moved, by its id
    static void toChunks(
            LogTransaction transaction,
            List<StoredSeries> series,
            SortedMap<Long, Long> newest,
            Supplier<TemporaryFile> files)
            throws SQLException {
        List<StoredSeries> filled = series.stream()
                .filter(one -> !one.isDeleted() && one.head().count() > 0)
                .toList();
        try (ChunkChanges changes = new ChunkChanges(files)) {
            transaction.chunks().read(table -> {
                for (StoredSeries one : filled) {
                    changes.add(table, one, one.head().all());
                }
                changes.finish();
                return true;
            });
            write(transaction, changes, newest);
        }
    }

    /// Writes changes of chunks.
    ///
    /// @param newest takes the time of the newest sample of each series that has some in them, by its id
    static void write(LogTransaction transaction, ChunkChanges changes, SortedMap<Long, Long> newest)
            throws SQLException {
        changes.write(transaction.connection());
        changes.forEach((series, time) -> newest.put(series.id(), time));
    }

    /// Says in the log of which series all samples are in chunks.
    ///
    /// @param series among which they are
    /// @param newest time of the newest sample of each, by its id
    /// @param came from when to when samples came to chunks, by series
    static void note(
            LogTransaction transaction,
            List<StoredSeries> series,
            SortedMap<Long, Long> newest,
            Map<Long, TimeSpan> came)
            throws SQLException {
        List<StoredSeries> moved =
                series.stream().filter(one -> newest.containsKey(one.id())).toList();
        SeriesTable.compacted(transaction.connection(), moved, one -> transaction.next(one.partition()));
        Map<Integer, SortedMap<Long, Long>> byPartition = new TreeMap<>();
        for (StoredSeries one : moved) {
            byPartition
                    .computeIfAbsent(one.partition(), partition -> new TreeMap<>())
                    .put(one.id(), newest.get(one.id()));
        }
        byPartition.forEach((partition, own) -> {
            long sequence = transaction.next(partition);
            transaction.add(
                    own.keySet().stream().anyMatch(came::containsKey)
                            ? LogRow.uploaded(partition, sequence, own, came)
                            : LogRow.moved(partition, sequence, own));
        });
    }
}
