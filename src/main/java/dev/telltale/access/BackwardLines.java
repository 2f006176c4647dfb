package dev.telltale.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The lines of a file, from a place backwards. A line longer than 64 KiB comes in pieces.
final class BackwardLines implements AutoCloseable {

    /// Of no file.
    static final BackwardLines NONE = new BackwardLines();

    private static final int BLOCK = 1 << 16;

    private final @Nullable FileChannel file;
    private byte[] block = new byte[0];
    /// Of the block in the file.
    private long start;
    /// Of the part of the block that was not handed out.
    private int end;

    private long bytesRead;

    private BackwardLines() {
        file = null;
    }

    /// @param file which this closes
    /// @param before in bytes; its end if that comes first
    BackwardLines(FileChannel file, long before) throws IOException {
        this.file = file;
        try {
            start = Math.min(before, file.size());
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /// The line before those handed out, without its line feed; empty at the beginning of the file.
    Optional<byte[]> previous() throws IOException {
        if (place() == 0) {
            return Optional.empty();
        }
        if (end == 0) {
            readUpTo(start);
        }
        int begin = beginOfLastLine();
        if (begin == 0 && start > 0) { // or further ahead in the file
            readUpTo(place());
            begin = beginOfLastLine();
        }
        int stop = block[end - 1] == '\n' ? end - 1 : end;
        byte[] line = Arrays.copyOfRange(block, begin, stop);
        end = begin;
        return Optional.of(line);
    }

    /// Where the line begins that was handed out last.
    long place() {
        return start + end;
    }

    /// So far.
    long bytesRead() {
        return bytesRead;
    }

    private int beginOfLastLine() {
        int begin = end - 1;
        while (begin > 0 && block[begin - 1] != '\n') {
            begin--;
        }
        return begin;
    }

    private void readUpTo(long stop) throws IOException {
        FileChannel open = Objects.requireNonNull(file);
        start = Math.max(0, stop - BLOCK);
        ByteBuffer bytes = ByteBuffer.allocate((int) (stop - start));
        while (bytes.hasRemaining()) {
            if (open.read(bytes, start + bytes.position()) < 0) {
                throw new IOException("a file of the log of changes was cut while it was read");
            }
        }
        block = bytes.array();
        end = block.length;
        bytesRead += block.length;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
