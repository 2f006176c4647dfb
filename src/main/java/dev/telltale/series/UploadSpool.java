package dev.telltale.series;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.FileTree;
import dev.telltale.database.TemporaryFile;
import dev.telltale.jobs.PeriodicWork;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of uploads that wait for their job, decoded, in the directory `uploads` of the data directory.
/// They are on disk before a job is told of them, and removed once none needs them.
final class UploadSpool implements PeriodicWork {

    private static final Logger LOG = LoggerFactory.getLogger(UploadSpool.class);
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    private final Path directory;
    private final Predicate<String> isNeeded;
    private final Runnable requireRoom;
    private final Set<String> arriving = ConcurrentHashMap.newKeySet();

    /// @param isNeeded whether a job that has not ended works on the file of this name
    /// @param requireRoom refuses to write more
    UploadSpool(DataDirectory data, Predicate<String> isNeeded, Runnable requireRoom) {
        this.directory = data.path().resolve("uploads");
        this.isNeeded = isNeeded;
        this.requireRoom = requireRoom;
    }

    /// A file that is on disk and of which no job knows yet. Closed before one does, it is removed.
    final class Arrival implements AutoCloseable {

        private final String name = UUID.randomUUID().toString();
        private boolean isTaken;

        private Arrival() {
            arriving.add(name);
        }

        /// Hands the file's name over.
        ///
        /// @param submit makes a job of it
        <T> T handOver(Function<String, T> submit) {
            T job = submit.apply(name);
            isTaken = true;
            return job;
        }

        @Override
        public void close() {
            if (!isTaken) {
                remove(name);
            }
            arriving.remove(name);
        }
    }

    /// Writes a body to a file.
    ///
    /// @throws dev.telltale.problem.Problem if the disk is full
    /// @throws UncheckedIOException if the body cannot be read to its end
    Arrival keep(InputStream body) {
        Arrival arrival = new Arrival();
        try {
            write(body, arrival.name);
            return arrival;
        } catch (IOException failure) {
            arrival.close();
            throw TemporaryFile.failed(failure);
        } catch (RuntimeException | Error refused) {
            arrival.close();
            throw refused;
        }
    }

    /// The file of this name.
    Path file(String name) {
        return directory.resolve(name);
    }

    /// What cannot be removed now is tried again with the next turn.
    void remove(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException failure) {
            LOG.warn("The file {} of an upload that has ended cannot be removed", file(name), failure);
        }
    }

    @Override
    public String name() {
        return "upload-spool";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    /// Removes what jobs that were cancelled, or a process that was killed, left behind.
    @Override
    public void run() {
        try {
            FileTree.children(directory).stream()
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !arriving.contains(name) && !isNeeded.test(name))
                    .forEach(this::remove);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The data directory is its owner's alone, and so is what lies in it.
    private void write(InputStream body, String name) throws IOException {
        Files.createDirectories(directory);
        try (FileChannel file = FileChannel.open(file(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(file)) {
            byte[] buffer = new byte[64 * 1024];
            for (int count = read(body, buffer); count >= 0; count = read(body, buffer)) {
                requireRoom.run();
                out.write(buffer, 0, count);
            }
            file.force(true);
        }
        DataDirectory.force(directory);
    }

    /// A caller who hangs up is no failure of the disk.
    private static int read(InputStream body, byte[] buffer) {
        try {
            return body.read(buffer);
        } catch (IOException callerHasGone) {
            throw new UncheckedIOException(callerHasGone);
        }
    }
}
