package dev.telltale.series;

import dev.telltale.database.TemporaryFile;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;

/// What has to change in the chunks of several series, whose holder plans it: the new chunks are built aside,
/// and one transaction swaps them in.
final class ChunkChanges implements AutoCloseable {

    private static final int INSERTED_AT_ONCE = 64;

    private final ChunkSpool fresh;
    private final LinkedHashMap<StoredSeries, ChunkChange> changes = new LinkedHashMap<>();

    /// @param files make room for new chunks that do not fit into memory
    ChunkChanges(Supplier<TemporaryFile> files) {
        fresh = new ChunkSpool(files);
    }

    /// Plans to add samples of one series, later than those that were added of it before; the samples of a
    /// series come one after the other.
    ///
    /// @param samples at least one
    void add(ChunkTable chunks, StoredSeries series, Samples samples) throws SQLException {
        ChunkChange change = changes.get(series);
        if (change == null) {
            finish();
            change = new ChunkChange(series.id(), series.head().newest(), fresh);
            changes.put(series, change);
        }
        change.add(chunks, samples);
    }

    /// Ends the plan once all samples were added.
    void finish() {
        if (!changes.isEmpty()) {
            Objects.requireNonNull(changes.lastEntry()).getValue().finish();
        }
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    /// Bytes of all new chunks.
    long bytes() {
        return fresh.bytes();
    }

    /// Writes the changes in the running transaction.
    ///
    /// @return series that change
    int write(Connection connection) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM chunk WHERE id = ?");
                PreparedStatement update = connection.prepareStatement("UPDATE series SET newest = ? WHERE id = ?")) {
            int outdated = 0;
            for (ChunkChange change : changes.values()) {
                for (long id : change.outdated()) {
                    delete.setLong(1, id);
                    delete.addBatch();
                    outdated++;
                }
                update.setLong(1, change.newest());
                update.setLong(2, change.seriesId());
                update.addBatch();
            }
            if (Arrays.stream(delete.executeBatch()).sum() != outdated) {
                throw new IllegalStateException("chunks were changed by somebody else");
            }
            update.executeBatch();
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO chunk (series, start, last, count, samples) VALUES (?, ?, ?, ?, ?)")) {
            int[] waiting = new int[1];
            fresh.forEach(chunk -> {
                insert.setLong(1, chunk.seriesId());
                insert.setLong(2, chunk.start());
                insert.setLong(3, chunk.last());
                insert.setInt(4, chunk.count());
                insert.setBytes(5, chunk.bytes());
                insert.addBatch();
                if (++waiting[0] == INSERTED_AT_ONCE) {
                    insert.executeBatch();
                    waiting[0] = 0;
                }
            });
            insert.executeBatch();
        }
        return changes.size();
    }

    /// Names each series that changes, and the time of its newest sample then.
    void forEach(ObjLongConsumer<StoredSeries> consumer) {
        changes.forEach((series, change) -> consumer.accept(series, change.newest()));
    }

    @Override
    public void close() {
        fresh.close();
    }
}
