package dev.telltale.series;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What has to change in the chunks of one series so that they hold some more samples: planned while
/// reading, encoded outside of any transaction, applied in a short one.
final class ChunkChange {

    private final long seriesId;
    private final List<Long> outdated = new ArrayList<>();
    private final List<EncodedChunk> fresh = new ArrayList<>();
    private final long newest;

    private ChunkChange(long seriesId, long newest) {
        this.seriesId = seriesId;
        this.newest = newest;
    }

    /// Plans a change. A chunk is read and written anew only if some of the samples fall into it, or if it
    /// is the last one and not full. A damaged last one stays as it is: newer samples begin a chunk of their
    /// own, so that they are neither lost nor keep the journal from being trimmed.
    ///
    /// @param samples at least one; they win over stored samples of the same time
    /// @param newestInChunks time of the newest sample before the change
    static ChunkChange plan(ChunkTable chunks, long seriesId, Samples samples, long newestInChunks)
            throws SQLException {
        ChunkChange change = new ChunkChange(seriesId, Math.max(newestInChunks, samples.time(samples.count() - 1)));
        int from = 0;
        while (from < samples.count()) {
            long time = samples.time(from);
            Optional<Chunk> chunk = chunks.floor(seriesId, time);
            OptionalLong next = chunks.startAfter(seriesId, time);
            int to = next.isEmpty() ? samples.count() : from + 1;
            while (to < samples.count() && samples.time(to) < next.getAsLong()) {
                to++;
            }
            change.add(chunks, chunk, SampleMerge.slice(samples, from, to), next.isEmpty());
            from = to;
        }
        return change;
    }

    /// Time of the newest sample once the change is applied.
    long newest() {
        return newest;
    }

    /// Writes the changes of several series in the running transaction.
    static void apply(Connection connection, List<ChunkChange> changes) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM chunk WHERE id = ?");
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO chunk (series, start, last, count, samples) VALUES (?, ?, ?, ?, ?)");
                PreparedStatement update = connection.prepareStatement("UPDATE series SET newest = ? WHERE id = ?")) {
            for (ChunkChange change : changes) {
                for (long id : change.outdated) {
                    delete.setLong(1, id);
                    delete.executeUpdate();
                }
                for (EncodedChunk chunk : change.fresh) {
                    insert.setLong(1, change.seriesId);
                    insert.setLong(2, chunk.start());
                    insert.setLong(3, chunk.last());
                    insert.setInt(4, chunk.count());
                    insert.setBytes(5, chunk.bytes());
                    insert.executeUpdate();
                }
                update.setLong(1, change.newest);
                update.setLong(2, change.seriesId);
                update.executeUpdate();
            }
        }
    }

    /// Adds samples that lie between the start of `chunk` and the start of the chunk behind it.
    private void add(ChunkTable chunks, Optional<Chunk> chunk, Samples more, boolean isLast) throws SQLException {
        Samples whole = more;
        if (chunk.isPresent()) {
            boolean fallsInto = more.time(0) <= chunk.get().last();
            if (fallsInto || (isLast && chunk.get().count() < Chunk.FULL && chunks.isIntact(seriesId, chunk.get()))) {
                whole = SampleMerge.of(chunks.samples(seriesId, chunk.get()), more);
                outdated.add(chunk.get().id());
            }
        }
        int pieces = (whole.count() + Chunk.FULL - 1) / Chunk.FULL;
        for (int piece = 0; piece < pieces; piece++) {
            // At the end chunks are filled up; in the middle halves of equal size leave room for more.
            int from = isLast ? piece * Chunk.FULL : (int) ((long) whole.count() * piece / pieces);
            int to = isLast
                    ? Math.min(from + Chunk.FULL, whole.count())
                    : (int) ((long) whole.count() * (piece + 1) / pieces);
            fresh.add(EncodedChunk.of(seriesId, whole, from, to));
        }
    }
}
