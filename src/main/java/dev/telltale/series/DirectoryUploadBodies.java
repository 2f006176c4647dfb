package dev.telltale.series;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.FileTree;
import dev.telltale.database.TemporaryFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bodies as files in the directory `uploads` of the data directory.
final class DirectoryUploadBodies implements UploadBodies {

    /// Of the data directory.
    static final String DIRECTORY = "uploads";

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryUploadBodies.class);

    private final Path directory;
    private final Predicate<String> isNeeded;
    private final Runnable requireRoom;
    private final Set<String> arriving = ConcurrentHashMap.newKeySet();

    /// @param isNeeded whether a job that has not ended works on the body of this name
    /// @param requireRoom refuses to write more
    DirectoryUploadBodies(DataDirectory data, Predicate<String> isNeeded, Runnable requireRoom) {
        this.directory = data.path().resolve(DIRECTORY);
        this.isNeeded = isNeeded;
        this.requireRoom = requireRoom;
    }

    @Override
    public Arrival keep(InputStream body) {
        Arrival arrival = new Arrival(this::ended);
        arriving.add(arrival.name());
        try {
            write(body, arrival.name());
            return arrival;
        } catch (IOException failure) {
            arrival.close();
            throw TemporaryFile.failed(failure);
        } catch (RuntimeException | Error refused) {
            arrival.close();
            throw refused;
        }
    }

    @Override
    public Body open(String name) throws IOException {
        Path file = file(name);
        long size = Files.size(file);
        return new Body(Files.newInputStream(file), size);
    }

    @Override
    public void remove(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException failure) {
            LOG.warn("The file {} of an upload that has ended cannot be removed", file(name), failure);
        }
    }

    /// Each process has a directory of its own.
    @Override
    public Where where() {
        return Where.EACH_REPLICA;
    }

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

    /// The file of this name.
    Path file(String name) {
        return directory.resolve(name);
    }

    private void ended(Arrival arrival) {
        if (!arrival.isTaken()) {
            remove(arrival.name());
        }
        arriving.remove(arrival.name());
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

    private static int read(InputStream body, byte[] buffer) {
        return UploadBodies.read(body, buffer, 0);
    }
}
