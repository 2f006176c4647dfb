package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every database promises.
abstract class DatabaseContract {

    @TempDir
    Path directory;

    DataDirectory held;
    Database database;

    /// Opens the database of this test once more after it was closed, or at first.
    abstract Database open(DataDirectory held);

    /// All that work on the database of this test at the same time.
    abstract List<Database> all();

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory.resolve("data"));
        database = open(held);
        database.write(connection -> execute(connection, "CREATE TABLE IF NOT EXISTS number (value BIGINT)"));
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
    void aWorkThatThrowsIsRolledBackAloneAmongManyAtTheSameTime() throws Exception {
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
        assertThatThrownBy(() -> database.read(connection -> single(connection, "SELECT value FROM nothing")))
                .isInstanceOf(IllegalStateException.class);
        insert(1);
        assertThat(numbers()).containsExactly(1L);
        assertThat(database.state().isWritable()).isTrue();
    }

    @Test
    void aReaderSeesOneStateWhileOthersWrite() throws Exception {
        insert(1);
        List<Long> counts;
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            counts = database.read(connection -> {
                long before = single(connection, "SELECT count(*) FROM number");
                get(others.submit(() -> insert(2)));
                return List.of(before, single(connection, "SELECT count(*) FROM number"));
            });
        }
        assertThat(counts).containsExactly(1L, 1L);
        assertThat(numbers()).containsExactly(1L, 2L);
    }

    @Test
    void aReaderCannotWrite() {
        insert(1);
        assertThatThrownBy(() -> database.read(connection -> execute(connection, "DELETE FROM number")))
                .isInstanceOf(Problem.class);
        assertThat(numbers()).containsExactly(1L);
    }

    @Test
    void worksThatLookBeforeTheyInsertNeverPassALimitWhoeverDoesThem() throws Exception {
        List<Database> all = all();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> works = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Database one = all.get(i % all.size());
                works.add(callers.submit(
                        () -> one.write(connection -> single(connection, "SELECT count(*) FROM number") < 50
                                ? execute(connection, "INSERT INTO number VALUES (1)")
                                : 0)));
            }
            int inserted = 0;
            for (Future<Integer> work : works) {
                inserted += work.get();
            }
            assertThat(inserted).isEqualTo(50);
        }
        assertThat(numbers()).hasSize(50);
    }

    @Test
    void numbersOfACounterAreGivenOnceWhoeverAsks() throws Exception {
        List<Database> all = all();
        database.write(connection -> execute(connection, "INSERT INTO counter VALUES ('of this test', 0)"));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> given = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Database one = all.get(i % all.size());
                given.add(callers.submit(() -> one.writeAlone(connection -> single(
                        connection,
                        "UPDATE counter SET value = value + 1 WHERE name = 'of this test' RETURNING value"))));
            }
            List<Long> numbers = new ArrayList<>();
            for (Future<Long> one : given) {
                numbers.add(one.get());
            }
            assertThat(numbers).doesNotHaveDuplicates().hasSize(60).contains(1L, 60L);
        }
    }

    @Test
    void aWorkAloneIsCommittedOrRolledBackAsAWhole() {
        database.writeAlone(connection -> execute(connection, "INSERT INTO number VALUES (1)"));
        assertThatThrownBy(() -> database.writeAlone(connection -> {
                    execute(connection, "INSERT INTO number VALUES (2)");
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(numbers()).containsExactly(1L);
    }

    @Test
    void idsOfAListAreUnderstoodInItsDialect() {
        for (int number = 1; number <= 5; number++) {
            insert(number);
        }
        assertThat(database.<Long>read(connection -> {
                    try (PreparedStatement select =
                            connection.prepareStatement("SELECT count(*) FROM number WHERE value IN "
                                    + database.dialect().idsIn())) {
                        select.setString(1, "[2,4,9]");
                        return first(select);
                    }
                }))
                .isEqualTo(2);
    }

    @Test
    void refusesAWriteInsideAWriteInsteadOfWaitingForEver() {
        assertThatThrownBy(() -> database.write(connection -> insert(1))).isInstanceOf(IllegalStateException.class);
        assertThat(numbers()).isEmpty();
    }

    @Test
    void refusesWorkAfterItWasClosed() {
        database.close();
        assertThatThrownBy(() -> insert(1)).hasMessageContaining("shutting down");
        assertThatThrownBy(this::numbers).hasMessageContaining("shutting down");
    }

    @Test
    void aCallerWhoIsInterruptedHearsWhatBecameOfHisWorkAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        insert(1);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(numbers()).containsExactly(1L);
    }

    @Test
    void givesTemporaryFilesOfTheDataDirectory() throws Exception {
        try (TemporaryFile file = database.temporaryFile()) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
            ByteBuffer read = ByteBuffer.allocate(3);
            assertThat(file.read(read, 0)).isEqualTo(3);
            assertThat(read.array()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void isNotOpenedWithTablesOfANewerVersion() {
        database.write(connection -> execute(
                connection,
                "INSERT INTO flyway_schema_history SELECT 999, '999', 'later', type, 'V999__later.sql', checksum,"
                        + " installed_by, installed_on, execution_time, success"
                        + " FROM flyway_schema_history WHERE version = '1'"));
        close();
        held = DataDirectory.open(directory.resolve("data"));
        assertThatThrownBy(() -> open(held))
                .isInstanceOf(StoreUnusable.class)
                .hasMessageContaining("written by a newer version of Telltale")
                .hasMessageContaining("version 999");
    }

    int insert(int number) {
        return database.write(connection -> execute(connection, "INSERT INTO number VALUES (" + number + ")"));
    }

    List<Long> numbers() {
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

    static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    static long single(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return first(statement);
        }
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static long first(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
