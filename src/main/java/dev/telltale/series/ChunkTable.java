package dev.telltale.series;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The chunk table, on one connection for the time of one work.
final class ChunkTable implements AutoCloseable {

    private final PreparedStatement floor;
    private final PreparedStatement next;
    private final PreparedStatement blob;
    private final PreparedStatement range;

    ChunkTable(Connection connection) throws SQLException {
        floor = connection.prepareStatement("SELECT id, start, last, count FROM chunk"
                + " WHERE series = ? AND start <= ? ORDER BY start DESC LIMIT 1");
        next = connection.prepareStatement("SELECT min(start) FROM chunk WHERE series = ? AND start > ?");
        blob = connection.prepareStatement("SELECT samples FROM chunk WHERE id = ?");
        range = connection.prepareStatement(
                "SELECT start, last, count, samples FROM chunk WHERE series = ? AND start <= ?"
                        + " AND start >= coalesce((SELECT max(start) FROM chunk WHERE series = ? AND start <= ?), ?)"
                        + " ORDER BY start LIMIT ?");
    }

    /// The chunk in which a sample of this time would lie: the last one that starts at or before it.
    Optional<Chunk> floor(long seriesId, long time) throws SQLException {
        floor.setLong(1, seriesId);
        floor.setLong(2, time);
        try (ResultSet row = floor.executeQuery()) {
            return row.next()
                    ? Optional.of(new Chunk(row.getLong(1), row.getLong(2), row.getLong(3), row.getInt(4)))
                    : Optional.empty();
        }
    }

    /// Start of the first chunk that starts after this time.
    OptionalLong startAfter(long seriesId, long time) throws SQLException {
        next.setLong(1, seriesId);
        next.setLong(2, time);
        try (ResultSet row = next.executeQuery()) {
            row.next();
            long start = row.getLong(1);
            return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(start);
        }
    }

    /// @throws dev.telltale.problem.Problem if the chunk is damaged
    Samples samples(long seriesId, Chunk chunk) throws SQLException {
        return ChunkCodec.decode(seriesId, chunk.start(), bytes(chunk));
    }

    boolean isIntact(long seriesId, Chunk chunk) throws SQLException {
        return Checksum.isIntact(bytes(chunk), seriesId);
    }

    private byte[] bytes(Chunk chunk) throws SQLException {
        blob.setLong(1, chunk.id());
        try (ResultSet row = blob.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("chunk " + chunk.id() + " was deleted by somebody else");
            }
            return row.getBytes(1);
        }
    }

    /// Up to `limit` chunks that may have samples from `start` to `end`, in order, to be decoded outside of
    /// the transaction.
    List<EncodedChunk> range(long seriesId, long start, long end, int limit) throws SQLException {
        range.setLong(1, seriesId);
        range.setLong(2, end);
        range.setLong(3, seriesId);
        range.setLong(4, start);
        range.setLong(5, start);
        range.setInt(6, limit);
        List<EncodedChunk> chunks = new ArrayList<>();
        try (ResultSet row = range.executeQuery()) {
            while (row.next()) {
                chunks.add(new EncodedChunk(seriesId, row.getLong(1), row.getLong(2), row.getInt(3), row.getBytes(4)));
            }
        }
        return chunks;
    }

    /// The values that chunks have at `times` (ascending), NaN where there is none.
    double[] valuesAt(long seriesId, long[] times) throws SQLException {
        double[] values = new double[times.length];
        Samples around = Samples.empty();
        long aroundEnds = Long.MIN_VALUE; // before the start of the next chunk nothing else can have a time
        for (int i = 0; i < times.length; i++) {
            if (i == 0 || times[i] >= aroundEnds) {
                Optional<Chunk> chunk = floor(seriesId, times[i]);
                around = chunk.isEmpty() ? Samples.empty() : samples(seriesId, chunk.get());
                aroundEnds = startAfter(seriesId, times[i]).orElse(Long.MAX_VALUE);
            }
            int index = Arrays.binarySearch(around.times(), times[i]);
            values[i] = index < 0 ? Double.NaN : around.value(index);
        }
        return values;
    }

    @Override
    public void close() throws SQLException {
        try (floor;
                next;
                blob;
                range) {
            // closes all four, also when one fails
        }
    }
}
