package dev.telltale.series;

import dev.telltale.database.TemporaryFile;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// New chunks on their way into the store: in memory, those of a large upload in a temporary file.
final class ChunkSpool implements AutoCloseable {

    private static final long MOST_IN_MEMORY = 8 << 20;
    private static final int HEADER = 3 * Long.BYTES + 2 * Integer.BYTES;
    private static final int BUFFER = 256 * 1024;

    private final Supplier<TemporaryFile> files;
    private final List<EncodedChunk> chunks = new ArrayList<>();
    private long inMemory;
    private @Nullable TemporaryFile file;
    private long inFile;

    /// @param files make room for what does not fit into memory
    ChunkSpool(Supplier<TemporaryFile> files) {
        this.files = files;
    }

    /// Bytes of all chunks.
    long bytes() {
        return inFile + inMemory;
    }

    /// Takes a chunk, perhaps to the database.
    @FunctionalInterface
    interface Taker {
        void take(EncodedChunk chunk) throws SQLException;
    }

    void add(EncodedChunk chunk) {
        chunks.add(chunk);
        inMemory += chunk.bytes().length;
        if (inMemory > MOST_IN_MEMORY) {
            spill();
        }
    }

    /// Hands all chunks over in the order in which they came.
    void forEach(Taker taker) throws SQLException {
        if (file != null) {
            readBack(file, taker);
        }
        for (EncodedChunk chunk : chunks) {
            taker.take(chunk);
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }

    private void spill() {
        if (file == null) {
            file = files.get();
        }
        ByteBuffer out = ByteBuffer.allocate(BUFFER);
        for (EncodedChunk chunk : chunks) {
            if (out.remaining() < HEADER + chunk.bytes().length) {
                write(file, out);
            }
            out.putLong(chunk.seriesId())
                    .putLong(chunk.start())
                    .putLong(chunk.last())
                    .putInt(chunk.count())
                    .putInt(chunk.bytes().length)
                    .put(chunk.bytes());
        }
        write(file, out);
        chunks.clear();
        inMemory = 0;
    }

    private void write(TemporaryFile spill, ByteBuffer out) {
        out.flip();
        int length = out.remaining();
        spill.write(out, inFile);
        inFile += length;
        out.clear();
    }

    private void readBack(TemporaryFile spill, Taker taker) throws SQLException {
        ByteBuffer in = ByteBuffer.allocate(BUFFER).limit(0);
        long next = 0;
        while (next < inFile || in.hasRemaining()) {
            // A chunk of 512 samples is far smaller than half of the buffer.
            if (in.remaining() < BUFFER / 2 && next < inFile) {
                in.compact();
                in.limit((int) Math.min(in.capacity(), in.position() + inFile - next));
                next += spill.read(in, next);
                in.flip();
            }
            long series = in.getLong();
            long start = in.getLong();
            long last = in.getLong();
            int count = in.getInt();
            byte[] bytes = new byte[in.getInt()];
            in.get(bytes);
            taker.take(new EncodedChunk(series, start, last, count, bytes));
        }
    }
}
