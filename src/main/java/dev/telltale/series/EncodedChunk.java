package dev.telltale.series;

/// A chunk of one series as it lies on disk. Owns its bytes.
final class EncodedChunk {

    private final long seriesId;
    private final long start;
    private final long last;
    private final int count;
    private final byte[] bytes;

    /// @param start time of the first sample
    /// @param last time of the last sample
    EncodedChunk(long seriesId, long start, long last, int count, byte[] bytes) {
        this.seriesId = seriesId;
        this.start = start;
        this.last = last;
        this.count = count;
        this.bytes = bytes;
    }

    /// The chunk of the samples from index `from` to index `to`, exclusive.
    static EncodedChunk of(long seriesId, Samples samples, int from, int to) {
        return new EncodedChunk(
                seriesId,
                samples.time(from),
                samples.time(to - 1),
                to - from,
                ChunkCodec.encode(seriesId, samples, from, to));
    }

    /// @throws dev.telltale.problem.Problem if the bytes are not those that were written
    Samples samples() {
        return ChunkCodec.decode(seriesId, start, bytes);
    }

    long seriesId() {
        return seriesId;
    }

    long start() {
        return start;
    }

    long last() {
        return last;
    }

    int count() {
        return count;
    }

    byte[] bytes() {
        return bytes;
    }
}
