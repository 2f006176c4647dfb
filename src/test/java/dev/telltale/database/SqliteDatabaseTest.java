package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SqliteDatabaseTest extends DatabaseContract {

    @Override
    Database open(DataDirectory held) {
        return SqliteDatabase.open(held);
    }

    @Override
    List<Database> all() {
        return List.of(database);
    }

    @Test
    void aCopyHoldsWhatIsCommittedAndNothingOfAWorkUnderWay() throws Exception {
        insert(7);
        CountDownLatch underWay = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        Path copy = Files.createDirectory(held.path().resolve("copy"));
        try (ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> writer = caller.submit(() -> database.write(connection -> {
                int rows = execute(connection, "INSERT INTO number VALUES (8)");
                underWay.countDown();
                await(blocked);
                return rows;
            }));
            underWay.await();
            database.copyTo(copy.resolve("telltale.db"), () -> false);
            blocked.countDown();
            writer.get();
        }
        assertThat(numbers()).containsExactly(7L, 8L);
        assertThatThrownBy(() -> database.copyTo(copy.resolve("telltale.db"), () -> false))
                .as("it is there already")
                .isInstanceOf(RuntimeException.class);
        close();
        held = DataDirectory.open(copy);
        database = SqliteDatabase.open(held);
        assertThat(numbers()).containsExactly(7L);
    }

    @Test
    void aCopyIsGivenUpBeforeItsEnd() {
        database.write(connection -> execute(
                connection,
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
                        + " INSERT INTO number SELECT i FROM n"));

        assertThatThrownBy(() -> database.copyTo(held.path().resolve("copy.db"), () -> true))
                .isInstanceOf(CancellationException.class);
        assertThat(numbers()).hasSize(100_000);
    }

    @Test
    void everyCommitIsSyncedToDisk() {
        assertThat(database.<Long>write(connection -> single(connection, "PRAGMA synchronous")))
                .isEqualTo(2);
        assertThat(database.<String>write(connection -> {
                    try (Statement statement = connection.createStatement();
                            ResultSet row = statement.executeQuery("PRAGMA journal_mode")) {
                        return row.getString(1);
                    }
                }))
                .isEqualTo("wal");
    }

    @Test
    void aFullDiskIsToldAndOverWhenThereIsRoomAgain() throws Exception {
        long pages = database.write(connection -> single(connection, "PRAGMA page_count"));
        database.write(connection -> execute(connection, "PRAGMA max_page_count = " + (pages + 2)));
        assertThatThrownBy(() -> database.write(
                        connection -> execute(connection, "INSERT INTO number SELECT randomblob(100000)")))
                .hasMessageContaining("full");
        assertThat(database.state()).isInstanceOf(StoreState.Full.class);
        insert(3);
        assertThat(database.state().isWritable()).isTrue();
        assertThat(numbers()).containsExactly(3L);
    }

    @Test
    void whoBorrowsTheWriterIsAloneUntilHeGivesItBack() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> write;
            try (Connection borrowed = database.writer().getConnection()) {
                borrowed.setAutoCommit(false);
                write = callers.submit(() -> insert(2));
                execute(borrowed, "INSERT INTO number VALUES (1)");
                borrowed.commit();
                assertThat(write.isDone()).isFalse();
            }
            write.get();
        }
        assertThat(numbers()).containsExactly(1L, 2L);
    }

    @Test
    void closingABorrowedWriterRollsBackWhatWasNotCommitted() throws Exception {
        try (Connection borrowed = database.writer().getConnection()) {
            borrowed.setAutoCommit(false);
            execute(borrowed, "INSERT INTO number VALUES (1)");
        }
        insert(2);
        assertThat(numbers()).containsExactly(2L);
    }

    @Test
    void aConnectionThatWasGivenBackTakesNothingMoreAndIsGivenBackOnce() throws Exception {
        Connection given = database.writer().getConnection("anybody", "anything");
        assertThat(given.isClosed()).isFalse();
        given.close();
        try (Connection next = database.writer().getConnection()) {
            given.close();
            assertThat(given.isClosed()).isTrue();
            assertThatThrownBy(() -> execute(given, "INSERT INTO number VALUES (1)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("closed");
            assertThat(next.isClosed()).as("it is the next one's now").isFalse();
        }
        assertThat(numbers()).isEmpty();
    }

    @Test
    void aBorrowerWhoseTransactionSqliteEndedLeavesNothingToTheNext() throws Exception {
        Connection unlucky = database.writer().getConnection();
        unlucky.setAutoCommit(false);
        execute(unlucky, "ROLLBACK"); // as SQLite does by itself on a full disk
        assertThatThrownBy(unlucky::close).isInstanceOf(SQLException.class);

        try (Connection next = database.writer().getConnection()) {
            next.setAutoCommit(false);
            execute(next, "INSERT INTO number VALUES (1)");
        }
        assertThat(numbers()).isEmpty();
        insert(2);
        assertThat(numbers()).containsExactly(2L);
    }

    @Test
    void aFileThatIsNoDatabaseIsExplained() throws Exception {
        close();
        for (String more : List.of("-wal", "-shm")) {
            Files.deleteIfExists(held.path().resolve("telltale.db" + more));
        }
        Files.writeString(
                held.path().resolve("telltale.db"), "not a database, but long enough to be looked at".repeat(99));
        held = DataDirectory.open(held.path());
        assertThatThrownBy(() -> SqliteDatabase.open(held))
                .isInstanceOf(DataDirectoryUnusable.class)
                .hasMessageContaining("telltale.db cannot be opened");
    }

    @Test
    void isNotBuiltOnWhileAnotherProcessKeepsItsLogFromTheDisk() throws Exception {
        Path file = held.path().resolve("telltale.db");
        try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + file);
                Connection writer = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            execute(writer, "PRAGMA busy_timeout = 0");
            reader.setAutoCommit(false);
            single(reader, "SELECT count(*) FROM number");
            insert(1);

            assertThatThrownBy(() -> SqliteDatabase.bringToDisk(writer, file))
                    .isInstanceOf(DataDirectoryUnusable.class)
                    .hasMessageContaining("Another process")
                    .hasMessageContaining("telltale.db");
            reader.rollback();
            SqliteDatabase.bringToDisk(writer, file);
            assertThat(held.path().resolve("telltale.db-wal")).isEmptyFile();
        }
    }

    @Test
    void onlyTheOwnerMayReadTheFiles() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(held.path())))
                .isEqualTo("rwx------");
        for (String file : List.of("telltale.lock", "telltale.db", "telltale.db-wal", "telltale.db-shm")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(held.path().resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
    }
}
