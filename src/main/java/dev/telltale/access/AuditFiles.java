package dev.telltale.access;

import dev.telltale.database.DataDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
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

/// The files of a log: `<name>.jsonl`, at whose end lines are added, and those that are full, `<name>.000001.jsonl`
/// and so on, which nobody writes to again. Only their owner may read them, and nothing is reached through a symbolic
/// link.
final class AuditFiles {

    /// Where they lie in the data directory.
    static final String DIRECTORY = "audit";

    private static final int MOST_FULL = 10_000;

    private final Path directory;
    private final String name;
    private final Path current;
    private final Pattern full;

    private AuditFiles(Path dataDirectory, String name, String file) {
        this.directory = dataDirectory.resolve(DIRECTORY);
        this.name = name;
        this.current = directory.resolve(file + ".jsonl");
        this.full = Pattern.compile(file + "\\.(\\d{6,9})\\.jsonl");
    }

    static AuditFiles ofChanges(Path dataDirectory) {
        return new AuditFiles(dataDirectory, "changes", "audit");
    }

    /// These have files of their own, so that nobody can push the changes out of theirs.
    static AuditFiles ofRefusals(Path dataDirectory) {
        return new AuditFiles(dataDirectory, "refusals", "refusals");
    }

    /// Of what the log is one.
    String name() {
        return name;
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

    /// Puts the current file behind the others, and removes the oldest. They are counted by their bytes: a file that
    /// was left early takes the place of no full one.
    ///
    /// @param kept how many bytes of files that are not written to any more are kept
    void rotate(long kept) throws IOException {
        NavigableSet<Long> numbers = numbers();
        long next = numbers.isEmpty() ? 1 : numbers.last() + 1;
        Files.move(current, path(next), StandardCopyOption.ATOMIC_MOVE);
        numbers.add(next);
        long bytes = 0;
        for (long number : numbers.descendingSet()) {
            bytes += size(number);
            if (number != next && (bytes > kept || next - number > MOST_FULL)) {
                Files.deleteIfExists(path(number));
            }
        }
        DataDirectory.force(directory);
    }

    private long size(long number) throws IOException {
        try {
            return Files.readAttributes(path(number), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .size();
        } catch (NoSuchFileException movedAway) {
            return 0;
        }
    }

    /// Bytes of the current file.
    ///
    /// @throws NoSuchFileException if it is not there
    long currentSize() throws IOException {
        requireDirectory();
        return Files.readAttributes(current, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .size();
    }

    /// Removes the current file.
    void removeCurrent() throws IOException {
        requireDirectory();
        Files.deleteIfExists(current);
        DataDirectory.force(directory);
    }

    /// Of the full files, the oldest first.
    NavigableSet<Long> numbers() throws IOException {
        requireDirectory();
        NavigableSet<Long> numbers = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Matcher matcher = full.matcher(file.getFileName().toString());
                if (matcher.matches()) {
                    numbers.add(Long.parseLong(matcher.group(1)));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
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
        String file = current.getFileName().toString();
        return directory.resolve(file.replace(".jsonl", ".%06d.jsonl".formatted(number)));
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
