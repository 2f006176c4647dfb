package dev.telltale.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file for what does not fit into memory, on the disk of the data directory. It has no name there, so it
/// is gone once it is closed, or however the process ends.
public final class TemporaryFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryFile.class);

    /// What Linux says of a disk, and of a user, that has no room left; Java has no exception for it.
    private static final List<String> FULL = List.of("No space left on device", "Disk quota exceeded");

    private final FileChannel channel;
    private final Runnable check;

    TemporaryFile(FileChannel channel, Runnable check) {
        this.channel = channel;
        this.check = check;
    }

    /// Writes what remains in the buffer.
    ///
    /// @throws dev.telltale.problem.Problem if the disk is full or fails
    public void write(ByteBuffer bytes, long position) {
        check.run();
        try {
            long at = position;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    /// Fills the buffer.
    ///
    /// @return how many bytes were read
    /// @throws dev.telltale.problem.Problem if the disk fails
    public int read(ByteBuffer bytes, long position) {
        try {
            int count = 0;
            while (bytes.hasRemaining()) {
                int more = channel.read(bytes, position + count);
                if (more < 0) {
                    throw new IllegalStateException("a temporary file ends before what was written to it");
                }
                count += more;
            }
            return count;
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    /// What to tell a caller whose file in the data directory could not be written or read.
    public static RuntimeException failed(IOException failure) {
        LOG.error("A temporary file in the data directory failed", failure);
        String message = String.valueOf(failure.getMessage());
        boolean full = FULL.stream().anyMatch(message::contains);
        return full ? DiskFailure.full() : DiskFailure.unavailable();
    }
}
