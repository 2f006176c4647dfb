package dev.telltale.series;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.TemporaryFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The files of uploads that wait for their job, decoded, in the directory `uploads` of the data directory.
/// They are on disk before a job is told of them, and removed once none needs them.
final class UploadSpool {

    private final Path directory;
    private final Predicate<String> isNeeded;
    private final Set<String> arriving = ConcurrentHashMap.newKeySet();

    /// @param isNeeded whether a job that has not ended works on the file of this name
    UploadSpool(DataDirectory data, Predicate<String> isNeeded) {
        this.directory = data.path().resolve("uploads");
        this.isNeeded = isNeeded;
    }

    /// Writes a body to a file and hands its name over.
    ///
    /// @param submit makes a job of it; if that fails, the file is removed
    /// @throws dev.telltale.problem.Problem if the disk is full
    <T> T keep(InputStream body, Function<String, T> submit) {
        sweep();
        String name = UUID.randomUUID().toString();
        arriving.add(name);
        try {
            write(body, name);
            return submit.apply(name);
        } catch (IOException failure) {
            remove(name);
            throw TemporaryFile.failed(failure);
        } catch (RuntimeException | Error refused) {
            remove(name);
            throw refused;
        } finally {
            arriving.remove(name);
        }
    }

    /// The file of this name.
    Path file(String name) {
        return directory.resolve(name);
    }

    void remove(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException failure) {
            throw TemporaryFile.failed(failure);
        }
    }

    /// Removes what jobs that were cancelled, or a process that was killed, left behind.
    void sweep() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> !arriving.contains(name) && !isNeeded.test(name))
                    .forEach(this::remove);
        } catch (IOException failure) {
            throw TemporaryFile.failed(failure);
        }
    }

    /// The data directory is its owner's alone, and so is what lies in it.
    private void write(InputStream body, String name) throws IOException {
        Files.createDirectories(directory);
        try (FileChannel file = FileChannel.open(file(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(file)) {
            byte[] buffer = new byte[64 * 1024];
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                out.write(buffer, 0, count);
            }
            file.force(true);
        }
        try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
            parent.force(true);
        }
    }
}
