package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest {

    @TempDir
    Path directory;

    private DataDirectory held;
    private SqliteDatabase database;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
        database.write(connection -> execute(connection, "CREATE TABLE IF NOT EXISTS number (value INTEGER)"));
    }

    @AfterEach
    void close() {
        database.close();
        held.close();
    }

    @Test
    void whatWasWrittenIsReadAndSurvivesReopening() {
        insert(7);
        assertThat(numbers()).containsExactly(7L);
        close();
        open();
        assertThat(numbers()).containsExactly(7L);
    }

    @Test
    void aCopyHoldsWhatIsCommittedAndNothingOfAWorkUnderWay() throws Exception {
        insert(7);
        CountDownLatch underWay = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        Path copy = Files.createDirectory(directory.resolve("copy"));
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

        assertThatThrownBy(() -> database.copyTo(directory.resolve("copy.db"), () -> true))
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
    void aWorkThatThrowsIsRolledBackAloneAmongManyThatShareACommit() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        List<Future<Integer>> outcomes = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> blocker = callers.submit(() -> database.write(connection -> {
                await(blocked);
                return 0;
            }));
            for (int i = 0; i < 20; i++) {
                int number = i;
                outcomes.add(callers.submit(() -> database.write(connection -> {
                    int rows = execute(connection, "INSERT INTO number VALUES (" + number + ")");
                    if (number % 5 == 0) {
                        throw new IllegalArgumentException("no " + number);
                    }
                    return rows;
                })));
            }
            blocked.countDown();
            blocker.get();
            for (int i = 0; i < 20; i++) {
                Future<Integer> outcome = outcomes.get(i);
                if (i % 5 == 0) {
                    assertThatThrownBy(outcome::get).hasRootCauseMessage("no " + i);
                } else {
                    outcome.get();
                }
            }
        }
        assertThat(numbers())
                .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 6L, 7L, 8L, 9L, 11L, 12L, 13L, 14L, 16L, 17L, 18L, 19L);
    }

    @Test
    void aFaultyStatementIsAMistakeOfOursAndHarmsNobodyElse() {
        assertThatThrownBy(() -> database.write(connection -> execute(connection, "INSERT INTO nothing VALUES (1)")))
                .isInstanceOf(IllegalStateException.class);
        insert(1);
        assertThat(numbers()).containsExactly(1L);
        assertThat(database.state().isWritable()).isTrue();
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
    void aReaderSeesOneStateWhileOthersWrite() {
        insert(1);
        List<Long> counts = database.read(connection -> {
            long before = single(connection, "SELECT count(*) FROM number");
            insert(2);
            return List.of(before, single(connection, "SELECT count(*) FROM number"));
        });
        assertThat(counts).containsExactly(1L, 1L);
        assertThat(numbers()).containsExactly(1L, 2L);
    }

    @Test
    void aReaderCannotWrite() {
        assertThatThrownBy(() -> database.read(connection -> execute(connection, "DELETE FROM number")))
                .isInstanceOf(Problem.class);
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
    void refusesAWriteInsideAWriteInsteadOfWaitingForEver() {
        assertThatThrownBy(() -> database.write(connection -> insert(1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesWorkAfterItWasClosed() {
        database.close();
        assertThatThrownBy(() -> insert(1)).hasMessageContaining("shutting down");
        assertThatThrownBy(this::numbers).hasMessageContaining("shutting down");
    }

    @Test
    void isNotOpenedWithTablesOfANewerVersion() {
        database.write(connection -> execute(
                connection,
                "INSERT INTO flyway_schema_history SELECT 999, '999', 'later', type, 'V999__later.sql', checksum,"
                        + " installed_by, installed_on, execution_time, success"
                        + " FROM flyway_schema_history WHERE version = '1'"));
        close();
        held = DataDirectory.open(directory);
        assertThatThrownBy(() -> SqliteDatabase.open(held))
                .isInstanceOf(DataDirectoryUnusable.class)
                .hasMessageContaining("written by a newer version of Telltale")
                .hasMessageContaining("version 999");
    }

    @Test
    void aFileThatIsNoDatabaseIsExplained() throws Exception {
        close();
        for (String more : List.of("-wal", "-shm")) {
            Files.deleteIfExists(directory.resolve("telltale.db" + more));
        }
        Files.writeString(
                directory.resolve("telltale.db"), "not a database, but long enough to be looked at".repeat(99));
        held = DataDirectory.open(directory);
        assertThatThrownBy(() -> SqliteDatabase.open(held))
                .isInstanceOf(DataDirectoryUnusable.class)
                .hasMessageContaining("telltale.db cannot be opened");
    }

    @Test
    void isNotBuiltOnWhileAnotherProcessKeepsItsLogFromTheDisk() throws Exception {
        Path file = directory.resolve("telltale.db");
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
            assertThat(directory.resolve("telltale.db-wal")).isEmptyFile();
        }
    }

    @Test
    void onlyTheOwnerMayReadTheFiles() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        for (String file : List.of("telltale.lock", "telltale.db", "telltale.db-wal", "telltale.db-shm")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
    }

    private int insert(int number) {
        return database.write(connection -> execute(connection, "INSERT INTO number VALUES (" + number + ")"));
    }

    private List<Long> numbers() {
        return database.read(connection -> {
            List<Long> values = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT value FROM number ORDER BY value")) {
                while (rows.next()) {
                    values.add(rows.getLong(1));
                }
            }
            return values;
        });
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static long single(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.getLong(1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
