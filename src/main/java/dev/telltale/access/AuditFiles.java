package dev.telltale.access;

import dev.telltale.database.DataDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The files of the log of changes: `audit.jsonl`, at whose end lines are added, and those that are full,
/// `audit.000001.jsonl` and so on, which nobody writes to again. Only their owner may read them, and nothing is
/// reached through a symbolic link.
final class AuditFiles {

    static final String CURRENT = "audit.jsonl";

    private static final Pattern FULL = Pattern.compile("audit\\.(\\d{6,9})\\.jsonl");

    private final Path directory;
    private final Path current;

    AuditFiles(Path directory) {
        this.directory = directory;
        this.current = directory.resolve(CURRENT);
    }

    /// The file to add lines to, made if it is not there. What a crash left of a last line becomes a line of its own.
    FileChannel openToAppend() throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(directory, ownerOnly("rwx------"));
            DataDirectory.force(directory.resolveSibling("."));
        }
        requireDirectory();
        boolean isNew = !Files.exists(current, LinkOption.NOFOLLOW_LINKS);
        FileChannel channel = FileChannel.open(
                current,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND,
                        LinkOption.NOFOLLOW_LINKS),
                ownerOnly("rw-------"));
        try {
            if (isNew) {
                DataDirectory.force(directory);
            } else if (!endsALine()) {
                channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// What tells the current file from any other that may come to lie in its place.
    Object identity() throws IOException {
        requireDirectory();
        BasicFileAttributes file = Files.readAttributes(current, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return Optional.ofNullable(file.fileKey()).orElseGet(file::creationTime);
    }

    /// Puts the current file, which is full, behind the others, and removes the oldest.
    ///
    /// @param kept how many full ones are kept
    void rotate(int kept) throws IOException {
        NavigableSet<Long> full = numbers();
        long next = full.isEmpty() ? 1 : full.last() + 1;
        Files.move(current, path(next), StandardCopyOption.ATOMIC_MOVE);
        full.add(next);
        while (full.size() > kept) {
            Files.deleteIfExists(path(full.removeFirst()));
        }
        DataDirectory.force(directory);
    }

    /// Of the full files, the oldest first.
    NavigableSet<Long> numbers() throws IOException {
        requireDirectory();
        NavigableSet<Long> numbers = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "audit.*.jsonl")) {
            for (Path file : files) {
                Matcher name = FULL.matcher(file.getFileName().toString());
                if (name.matches()) {
                    numbers.add(Long.parseLong(name.group(1)));
                }
            }
        }
        return numbers;
    }

    /// Opens a full file to be read.
    ///
    /// @throws NoSuchFileException if it is not there, or no longer
    FileChannel open(long number) throws IOException {
        return FileChannel.open(path(number), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /// Opens the current file to be read.
    ///
    /// @throws NoSuchFileException if nothing was written yet
    FileChannel openCurrent() throws IOException {
        return FileChannel.open(current, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    private Path path(long number) {
        return directory.resolve("audit.%06d.jsonl".formatted(number));
    }

    private void requireDirectory() throws IOException {
        if (!Files.readAttributes(directory, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isDirectory()) {
            throw new NotDirectoryException(directory.toString());
        }
    }

    private boolean endsALine() throws IOException {
        try (FileChannel written = openCurrent()) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return written.size() == 0 || (written.read(last, written.size() - 1) == 1 && last.get(0) == '\n');
        }
    }

    private FileAttribute<?>[] ownerOnly(String permissions) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
