package dev.telltale.ops;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.FileTree;
import dev.telltale.jobs.JobRun;
import dev.telltale.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies of the data directory in directories `backups/{id}` of it, each laid out as the data directory is:
/// the database, the models' files, the bodies of uploads that wait for their job, and the key.
///
/// The database comes first, as one committed state, and then each file that its rows name. A file is there
/// before its row and never changes, so every row finds its file unless the model was deleted or the upload
/// ended meanwhile; then the copy is made anew. The other way round a model saved between the two would be a
/// row without a file. A copy is built aside, synced and renamed, so that what has an id
/// is whole.
final class Backups {

    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
    private static final String DATABASE = "telltale.db";
    /// Signs the models' files; made with the first of them.
    private static final String KEY = "telltale.key";
    private static final String UNFINISHED = ".unfinished";
    private static final Pattern ID = Pattern.compile("[0-9]{8}T[0-9]{9}Z");
    private static final DateTimeFormatter ID_FORMAT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int ATTEMPTS = 3;

    private final Path data;
    private final Path directory;
    private final Database database;
    private final InstantSource clock;

    Backups(Path data, Database database, InstantSource clock) {
        this.data = data;
        this.directory = data.resolve("backups");
        this.database = database;
        this.clock = clock;
        try {
            for (Path left : FileTree.children(directory)) {
                if (left.getFileName().toString().endsWith(UNFINISHED)) {
                    FileTree.delete(left);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the directory of the backups cannot be used", e);
        }
    }

    /// An id for a backup that is asked for now.
    String newId() {
        return ID_FORMAT.format(clock.instant());
    }

    /// @throws Problem `STORAGE_FULL` if a copy of all there is would not leave free what has to be, `BACKUP_FAILED` if
    ///     there is no place for it
    void refuseWithoutRoom() {
        try {
            refuseUnlessDirectory();
            database.requireRoom(FileTree.bytes(data.resolve(DATABASE))
                    + FileTree.bytes(data.resolve("models"))
                    + FileTree.bytes(data.resolve("uploads")));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Makes the backup whose id is the run's subject, or leaves it as it is if an earlier run got so far. The
    /// run is asked between files, and while the database is copied, whether it shall end.
    void make(JobRun run) {
        String id = run.subject();
        Path target = directory.resolve(id);
        Path unfinished = directory.resolve(id + UNFINISHED);
        try {
            if (Files.exists(target)) {
                return;
            }
            refuseWithoutRoom();
            Files.createDirectories(directory);
            boolean whole = false;
            for (int attempt = 1; !whole; attempt++) {
                FileTree.delete(unfinished);
                whole = copyAll(unfinished, run, attempt == ATTEMPTS);
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            DataDirectory.force(directory);
            DataDirectory.force(data);
        } catch (IOException | UncheckedIOException | SQLException e) {
            LOG.error("backup {} could not be made", id, e);
            throw failed(e);
        } finally {
            sweep(unfinished);
        }
    }

    /// The newest backups first, those asked for before `beforeId` only.
    List<Backup> newest(Optional<String> beforeId, int limit) {
        try {
            return FileTree.children(directory).stream()
                    .map(path -> path.getFileName().toString())
                    .filter(name ->
                            beforeId.map(last -> name.compareTo(last) < 0).orElse(true))
                    .sorted(Comparator.reverseOrder())
                    .flatMap(id -> find(id).stream()) // looks at as many as are wanted
                    .limit(limit)
                    .toList();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    Optional<Backup> find(String id) {
        Path path = directory.resolve(id);
        if (!ID.matcher(id).matches() || !isDirectory(directory) || !isDirectory(path)) {
            return Optional.empty();
        }
        try {
            Instant created =
                    Instant.ofEpochMilli(Files.getLastModifiedTime(path).toMillis());
            return Optional.of(new Backup(id, created, FileTree.bytes(path)));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Deletes a backup; false if there is none of this id. A crash midway leaves nothing that has an id.
    boolean delete(String id) {
        if (find(id).isEmpty()) {
            return false;
        }
        Path doomed = directory.resolve(id + UNFINISHED);
        try {
            Files.move(directory.resolve(id), doomed, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException deletedMeanwhile) {
            return false;
        } catch (IOException e) {
            throw failed(e);
        }
        sweep(doomed);
        return true;
    }

    /// @param acceptsLost whether a row whose file is not there is left alone
    /// @return whether every row of the copied database has its file
    private boolean copyAll(Path to, JobRun run, boolean acceptsLost) throws IOException, SQLException {
        run.stopIfCancelled();
        Files.createDirectory(to);
        Path copy = to.resolve(DATABASE);
        database.copyTo(copy, run::cancelled);
        endBackupsOf(copy);
        for (Path path : pathsOf(copy)) {
            try {
                copyTree(data.resolve(path), to.resolve(path), run);
            } catch (NoSuchFileException missing) {
                if (!acceptsLost) {
                    return false;
                }
                LOG.warn("the backup holds no {}: there is none", path);
            }
        }
        if (Files.exists(data.resolve(KEY))) {
            copyTree(data.resolve(KEY), to.resolve(KEY), run);
        }
        forceDirectories(to);
        return true;
    }

    /// Jobs that were queued or running are queued again where a service starts on the copy, but it shall not
    /// begin by backing itself up.
    private static void endBackupsOf(Path copy) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE job SET state = 'cancelled', finished = created WHERE kind = '"
                    + BackupJob.KIND + "' AND state IN ('queued', 'running')");
        }
    }

    /// What rows of a copied database need beside it: the directories of models, and the bodies of uploads
    /// that wait for their job.
    private static List<Path> pathsOf(Path copy) throws SQLException {
        List<Path> paths = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT 'models/' || name || '/' || version FROM model UNION ALL"
                        + " SELECT 'uploads/' || subject FROM job"
                        + " WHERE kind = 'upload' AND state IN ('queued', 'running')")) {
            while (row.next()) {
                paths.add(Path.of(row.getString(1)));
            }
        }
        return paths;
    }

    /// Copies a file, or a directory with all that lies in it.
    private static void copyTree(Path from, Path to, JobRun run) throws IOException {
        Files.createDirectories(Objects.requireNonNull(to.getParent()));
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                run.stopIfCancelled();
                Path target = to.resolve(from.relativize(path));
                Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                DataDirectory.force(target);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void forceDirectories(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.filter(Files::isDirectory).toList()) {
                DataDirectory.force(path);
            }
        }
    }

    /// A link would lead the copies, and their deletion, out of the data directory, on a disk of which nothing is
    /// known.
    private void refuseUnlessDirectory() {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS) && !isDirectory(directory)) {
            throw BackupProblem.BACKUP_FAILED.because(
                    "'backups' in the data directory is a symbolic link or a file; leave a directory there, or nothing");
        }
    }

    private static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static void sweep(Path leftOver) {
        try {
            FileTree.delete(leftOver);
        } catch (IOException e) {
            LOG.warn("{} is left over until the next start", leftOver, e);
        }
    }

    private static Problem failed(Exception cause) {
        LOG.warn("a backup failed: {}", cause.toString());
        return BackupProblem.BACKUP_FAILED.because(
                "the directory of the backups cannot be read or written now; is there room left? The log has the cause");
    }
}
