package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.DatabaseProblem;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T09:30:00.007Z");
    private static final String ID = "20261124T093000007Z";
    private static final long PLENTY = 1L << 40;

    @TempDir
    private Path directory;

    private DataDirectory held;
    private SqliteDatabase database;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
    }

    @AfterEach
    void close() {
        database.close();
        held.close();
    }

    @Test
    void areNamedByTheMomentAtWhichTheyWereAskedFor() {
        assertThat(backups(PLENTY).newId()).isEqualTo(ID);
    }

    @Test
    void areRefusedWhereTheDiskHasNoRoomForThem() throws IOException {
        Path model = Files.createDirectories(directory.resolve("models/cpu/1")).resolve("model.safetensors");
        Files.write(model, new byte[5 << 20]);
        long needed = (64 << 20) + (5 << 20) + Files.size(directory.resolve("telltale.db"));

        assertThatCode(() -> backups(needed).refuseWithoutRoom()).doesNotThrowAnyException();
        assertThatThrownBy(() -> backups(needed - 1).refuseWithoutRoom())
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(DatabaseProblem.STORAGE_FULL);
                    assertThat(problem.members()).containsEntry("neededBytes", needed);
                });
    }

    @Test
    void areMadeOnceHoweverOftenTheirJobRuns() throws IOException {
        Path made = directory.resolve("backups").resolve(ID);
        backups(PLENTY).make(ID);
        Object before = Files.getLastModifiedTime(made.resolve("telltale.db"));
        backups(PLENTY).make(ID);

        assertThat(Files.getLastModifiedTime(made.resolve("telltale.db"))).isEqualTo(before);
        assertThat(backups(PLENTY).list()).extracting(Backup::id).containsExactly(ID);
    }

    @Test
    void leaveNothingWhereTheyFail() throws IOException {
        Files.createFile(directory.resolve("backups"));

        assertThatThrownBy(() -> backups(PLENTY).make(ID))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(BackupProblem.BACKUP_FAILED));
        assertThat(backups(PLENTY).list()).isEmpty();
    }

    private Backups backups(long freeBytes) {
        return new Backups(directory, database, InstantSource.fixed(NOW), () -> freeBytes);
    }
}
