package dev.telltale.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The directory in which everything is kept that must survive the process. Held by one process at a
/// time; only its owner may read it.
public final class DataDirectory implements AutoCloseable {

    private static final String LOCK_FILE = "telltale.lock";

    private final Path path;
    private final @Nullable FileChannel lockFile;

    private DataDirectory(Path path, @Nullable FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /// The directory, made if it is not there, and held until it is closed or the process ends.
    ///
    /// @throws DataDirectoryUnusable if another process holds it or it cannot be written
    public static DataDirectory open(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(absolute);
            }
            restrict(absolute, "rwx------");
            Path file = absolute.resolve(LOCK_FILE);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            restrict(file, "rw-------");
            if (lock(channel) == null) {
                channel.close();
                throw new DataDirectoryUnusable(
                        "Another process already works on the data directory " + absolute + ".",
                        "Stop it, or give this one a directory of its own with --telltale.data-dir=…");
            }
            return new DataDirectory(absolute, channel);
        } catch (IOException e) {
            throw unusable(absolute, e);
        }
    }

    /// The directory as it is, for who does not hold it: another process may.
    static DataDirectory beside(Path path) {
        return new DataDirectory(path.toAbsolutePath().normalize(), null);
    }

    public Path path() {
        return path;
    }

    /// Brings a file's content, or a directory's entries, to disk.
    public static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Makes a directory, and those above it that are not there, which only their owner may enter.
    public static Path createDirectories(Path directory) throws IOException {
        return Files.createDirectories(directory, ownerOnly(directory, "rwx------"));
    }

    /// A new file to write to, which only its owner may read. What lies at its place already, be it a link to
    /// elsewhere, is not touched.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException if something does
    public static FileChannel createFile(Path file) throws IOException {
        return FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(file, "rw-------"));
    }

    private static FileAttribute<?>[] ownerOnly(Path file, String permissions) {
        return hasPermissions(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /// A file below the directory that only its owner may read, made empty if it is not there.
    Path privateFile(String name) {
        Path file = path.resolve(name);
        try {
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
            restrict(file, "rw-------");
            return file;
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    /// A file that lies in the directory without a name.
    ///
    /// @param check refuses a write
    TemporaryFile temporaryFile(Runnable check) {
        try {
            Path file = Files.createTempFile(path, "telltale-", ".tmp"); // for its owner only
            return new TemporaryFile(
                    FileChannel.open(
                            file,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DELETE_ON_CLOSE),
                    check);
        } catch (IOException e) {
            throw TemporaryFile.failed(e);
        }
    }

    @Override
    public void close() {
        if (lockFile == null) {
            return;
        }
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DataDirectoryUnusable unusable(Path path, IOException cause) {
        return new DataDirectoryUnusable(
                "The data directory " + path + " cannot be used (" + cause + ").",
                "Make it writable for this user, or name another with --telltale.data-dir=…");
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    /// File systems without such permissions are left as they are.
    private static void restrict(Path file, String permissions) throws IOException {
        if (hasPermissions(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        }
    }

    private static boolean hasPermissions(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
