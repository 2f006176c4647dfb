package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.DatabaseProblem;
import dev.telltale.database.FileTree;
import dev.telltale.database.MeasuredDisk;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.jobs.Fence;
import dev.telltale.jobs.JobProgress;
import dev.telltale.jobs.JobRun;
import dev.telltale.jobs.JobStopped;
import dev.telltale.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T09:30:00.007Z");
    private static final String ID = "20261124T093000007Z";
    private static final long LEAST_FREE = 1 << 20;

    @TempDir
    private Path directory;

    private DataDirectory held;
    private SqliteDatabase database;
    private long freeBytes = 1L << 40;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = MeasuredDisk.open(held, LEAST_FREE, () -> freeBytes);
    }

    @AfterEach
    void close() {
        database.close();
        held.close();
    }

    @Test
    void areNamedByTheMomentAtWhichTheyWereAskedFor() {
        assertThat(backups().newId()).isEqualTo(ID);
    }

    @Test
    void areRefusedWhereTheDiskHasNoRoomForThem() throws IOException {
        Path model = Files.createDirectories(directory.resolve("models/cpu/1")).resolve("model.safetensors");
        Files.write(model, new byte[5 << 20]);
        long needed = (5 << 20) + Files.size(directory.resolve("telltale.db"));

        freeBytes = LEAST_FREE + needed;
        assertThatCode(() -> backups().refuseWithoutRoom()).doesNotThrowAnyException();
        freeBytes--;
        assertThatThrownBy(() -> backups().refuseWithoutRoom()).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.type()).isEqualTo(DatabaseProblem.STORAGE_FULL);
            assertThat(problem.members()).containsEntry("neededBytes", needed);
        });
    }

    @Test
    void areMadeOnceHoweverOftenTheirJobRuns() throws IOException {
        Path made = directory.resolve("backups").resolve(ID);
        backups().make(run(() -> false));
        Object before = Files.getLastModifiedTime(made.resolve("telltale.db"));
        backups().make(run(() -> false));

        assertThat(Files.getLastModifiedTime(made.resolve("telltale.db"))).isEqualTo(before);
        assertThat(backups().newest(Optional.empty(), 10))
                .extracting(Backup::id)
                .containsExactly(ID);
    }

    @Test
    void leaveNothingWhereTheyFail() throws IOException {
        Files.createFile(directory.resolve("backups"));

        assertThatThrownBy(() -> backups().make(run(() -> false)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(BackupProblem.BACKUP_FAILED));
        assertThat(backups().newest(Optional.empty(), 10)).isEmpty();
    }

    @Test
    void areNotBegunWhereTheDiskHasFilledUpSinceTheyWereAskedFor() {
        freeBytes = LEAST_FREE + 1;

        assertThatThrownBy(() -> backups().make(run(() -> false)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(DatabaseProblem.STORAGE_FULL));
        assertThat(directory.resolve("backups")).doesNotExist();
    }

    @Test
    void leaveNothingWhereTheirRunIsToldToEnd() throws IOException {
        save("one", "two", "three");
        for (int asked = 0; asked < 5; asked++) {
            int enough = asked;
            AtomicInteger times = new AtomicInteger();

            assertThatThrownBy(() -> backups().make(run(() -> times.getAndIncrement() >= enough)))
                    .isInstanceOf(JobStopped.class);
            assertThat(times).hasValue(enough + 1);
            assertThat(directory.resolve("backups")).isEmptyDirectory();
        }
    }

    /// Whenever that happens: before each file the run is asked whether it shall end.
    @Test
    void doNotMindThatAModelIsDeletedMeanwhile() throws IOException {
        for (int asked = 0; asked < 10; asked++) {
            save("one", "two", "three");
            int then = asked;
            AtomicInteger times = new AtomicInteger();
            backups().make(run(() -> {
                if (times.getAndIncrement() == then) {
                    delete("two");
                }
                return false;
            }));

            Path made = directory.resolve("backups").resolve(ID);
            for (String kept : List.of("one", "three")) {
                assertThat(made.resolve(file(kept))).hasContent(kept);
            }
            FileTree.delete(made);
            database.write(connection -> connection.createStatement().executeUpdate("DELETE FROM model"));
        }
    }

    @Test
    void areNotMadeWhereALinkLeads() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createDirectory(elsewhere.resolve(ID));
        Files.createSymbolicLink(directory.resolve("backups"), elsewhere);
        Backups backups = backups();

        assertThatThrownBy(backups::refuseWithoutRoom).hasMessageContaining("symbolic link");
        assertThat(backups.newest(Optional.empty(), 10)).isEmpty();
        assertThat(backups.find(ID)).isEmpty();
        assertThat(backups.delete(ID)).isFalse();
        Files.delete(elsewhere.resolve(ID));
        assertThatThrownBy(() -> backups.make(run(() -> false))).hasMessageContaining("symbolic link");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void areListedFromTheNewestToTheOldest() throws IOException {
        for (String name : List.of("20240101T000000000Z", "20240103T000000000Z", "20240102T000000000Z", "notes")) {
            Files.createDirectories(directory.resolve("backups").resolve(name));
        }
        Files.createFile(directory.resolve("backups").resolve("20240104T000000000Z"));

        assertThat(backups().newest(Optional.empty(), 2))
                .extracting(Backup::id)
                .containsExactly("20240103T000000000Z", "20240102T000000000Z");
        assertThat(backups().newest(Optional.of("20240102T000000000Z"), 2))
                .extracting(Backup::id)
                .containsExactly("20240101T000000000Z");
    }

    private void save(String... models) throws IOException {
        for (String model : models) {
            Path file = directory.resolve(file(model));
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, model);
            database.write(connection -> connection
                    .createStatement()
                    .executeUpdate(
                            "INSERT INTO model (name, version, created, series, architecture, length, parameters,"
                                    + " sha256) VALUES ('" + model + "', 1, 0, 's', 'base', 1, 1, '')"));
        }
    }

    private void delete(String model) {
        database.write(connection ->
                connection.createStatement().executeUpdate("DELETE FROM model WHERE name = '" + model + "'"));
        try {
            FileTree.delete(directory.resolve("models").resolve(model));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String file(String model) {
        return "models/" + model + "/1/model.safetensors";
    }

    /// A run that shall make the backup of this id.
    private static JobRun run(BooleanSupplier cancelled) {
        return new JobRun() {

            @Override
            public long id() {
                return 17;
            }

            @Override
            public String subject() {
                return ID;
            }

            @Override
            public String payload() {
                return "{}";
            }

            @Override
            public void progress(JobProgress progress) {
                throw new AssertionError("a backup tells of no progress");
            }

            @Override
            public Fence fence() {
                return Fence.OPEN;
            }

            @Override
            public boolean cancelled() {
                return cancelled.getAsBoolean();
            }
        };
    }

    private Backups backups() {
        return new Backups(directory, database, InstantSource.fixed(NOW));
    }
}
