package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The writer on a real database whose statements fail when the test says so, as they do when the disk fails.
class GroupCommitTest {

    @TempDir
    Path directory;

    private final List<String> statements = new CopyOnWriteArrayList<>();
    private final AtomicInteger timesFull = new AtomicInteger();
    private volatile String failing = "nothing";
    private volatile SQLiteErrorCode error = SQLiteErrorCode.SQLITE_IOERR_FSYNC;
    private GroupCommit writer;

    @BeforeEach
    void open() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("test.db"));
        for (String first : List.of(
                "PRAGMA journal_mode = WAL", "PRAGMA wal_autocheckpoint = 0", "CREATE TABLE number (value INTEGER)")) {
            execute(connection, first);
        }
        writer = new GroupCommit(watched(connection), timesFull::incrementAndGet, Duration.ofMillis(20));
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void aCommitThatWasNotSyncedIsNotAcknowledgedAndNothingIsWrittenUntilAllIsWrittenAnew() {
        insert(1);
        failing = "COMMIT";
        assertThatThrownBy(() -> insert(2)).satisfies(GroupCommitTest::isUnavailable);
        assertThat(writer.state()).isInstanceOf(StoreState.Failed.class);

        failing = "PRAGMA wal_checkpoint(TRUNCATE)";
        statements.clear();
        assertThatThrownBy(() -> insert(3)).as("refused at once").satisfies(GroupCommitTest::isUnavailable);
        awaitStatement("PRAGMA wal_checkpoint(TRUNCATE)");
        assertThat(statements).as("nothing else is tried before it").doesNotContain("BEGIN IMMEDIATE", "COMMIT");
        assertThat(writer.state()).isInstanceOf(StoreState.Failed.class);

        failing = "nothing";
        awaitWritable();
        assertThat(statements).containsSubsequence("PRAGMA wal_checkpoint(TRUNCATE)", "BEGIN IMMEDIATE", "COMMIT");
        insert(4);
        assertThat(numbers()).isEqualTo("1,4");
        assertThat(writer.failures().broken()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void whatWaitsWhenTheDiskFailsIsRefusedToo() throws Exception {
        CountDownLatch underWay = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = callers.submit(() -> writer.run(connection -> {
                underWay.countDown();
                await(blocked);
                return 1;
            }));
            underWay.await();
            Future<Integer> second = callers.submit(() -> insert(2));
            while (!writer.isAwaited()) {
                Thread.onSpinWait();
            }
            failing = "COMMIT";
            blocked.countDown();
            for (Future<Integer> refused : List.of(first, second)) {
                assertThatThrownBy(refused::get).cause().satisfies(GroupCommitTest::isUnavailable);
            }
        }
        failing = "nothing";
        awaitWritable();
        assertThat(numbers()).isEmpty();
    }

    @Test
    void moreWritesThanMayWaitAreRefusedAndTheOthersDone() throws Exception {
        CountDownLatch underWay = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        int most = 4096;
        List<Future<?>> writes = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            writes.add(callers.submit(() -> writer.run(connection -> {
                underWay.countDown();
                await(blocked);
                return 1;
            })));
            underWay.await();
            for (int i = 0; i < most + 10; i++) {
                writes.add(callers.submit(() -> {
                    try {
                        writer.run(connection -> done.incrementAndGet());
                    } catch (Problem overloaded) {
                        assertThat(overloaded.type()).isEqualTo(DatabaseProblem.STORE_OVERLOADED);
                        if (refused.incrementAndGet() == 10) {
                            blocked.countDown();
                        }
                    }
                }));
            }
        }
        for (Future<?> write : writes) {
            write.get();
        }
        assertThat(refused).hasValue(10);
        assertThat(done).hasValue(most);
    }

    @Test
    void aBorrowerWaitsOnlySoLongAndTheWriterDoesNotWaitForItself() throws Exception {
        Connection borrowed = writer.borrow(0);
        assertThat(borrowed).isNotNull();
        assertThatThrownBy(() -> writer.borrow(0))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("not free");
        writer.giveBack();
        assertThatThrownBy(() -> writer.run(connection -> {
                    try {
                        return writer.borrow(1);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFullDiskLeavesEachWriteItsTry() {
        failing = "COMMIT";
        error = SQLiteErrorCode.SQLITE_FULL;
        assertThatThrownBy(() -> insert(1)).hasMessageContaining("full");
        assertThat(writer.state()).isInstanceOf(StoreState.Full.class);
        assertThat(timesFull).hasPositiveValue();
        failing = "nothing";
        insert(2);
        assertThat(writer.state().isWritable()).isTrue();
        assertThat(statements).doesNotContain("PRAGMA wal_checkpoint(TRUNCATE)");
        assertThat(numbers()).isEqualTo("2");
    }

    @Test
    void aStoreThatFailedStaysFailedWhenTheDiskIsFullAfterwards() {
        failing = "COMMIT";
        assertThatThrownBy(() -> insert(1)).satisfies(GroupCommitTest::isUnavailable);
        error = SQLiteErrorCode.SQLITE_FULL;
        failing = "PRAGMA wal_checkpoint(TRUNCATE)";
        statements.clear();
        awaitStatement("PRAGMA wal_checkpoint(TRUNCATE)");
        awaitStatement("PRAGMA wal_checkpoint(TRUNCATE)");
        assertThat(writer.state()).isInstanceOf(StoreState.Failed.class);
    }

    @Test
    void theLogMovesToTheDatabaseFileAndAFailureOfThatIsSeen() throws Exception {
        failing = "PRAGMA wal_checkpoint(PASSIVE)";
        writer.run(connection -> execute(
                connection,
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4500)"
                        + " INSERT INTO number SELECT randomblob(4000) FROM n"));
        while (!(writer.state() instanceof StoreState.Failed)) {
            Thread.sleep(5); // the checkpoint comes after the commit was acknowledged
        }
        failing = "nothing";
        awaitWritable();
        insert(7);
        assertThat(Files.size(directory.resolve("test.db"))).isGreaterThan(16_000_000);
        assertThat(Files.size(directory.resolve("test.db-wal"))).isLessThan(1_000_000);
    }

    @Test
    void anErrorThatABorrowerMeetsIsSeenAndWhileTheStoreFailsNobodyBorrows() throws SQLException {
        WriterDataSource source = new WriterDataSource(writer);
        failing = "INSERT INTO number VALUES (1)";
        try (Connection borrowed = source.getConnection();
                Statement statement = borrowed.createStatement()) {
            assertThatThrownBy(() -> statement.executeUpdate("INSERT INTO number VALUES (1)"))
                    .isInstanceOf(SQLException.class);
            assertThat(writer.state()).isInstanceOf(StoreState.Failed.class);
            failing = "PRAGMA wal_checkpoint(TRUNCATE)";
        }
        assertThatThrownBy(source::getConnection).hasMessageContaining("does not take writes");
        failing = "nothing";
        awaitWritable();
        try (Connection borrowed = source.getConnection();
                Statement statement = borrowed.createStatement()) {
            statement.executeUpdate("INSERT INTO number VALUES (2)");
        }
        assertThat(numbers()).isEqualTo("2");
    }

    private int insert(int number) {
        return writer.run(connection -> execute(connection, "INSERT INTO number VALUES (" + number + ")"));
    }

    private String numbers() {
        return Optional.ofNullable(writer.<String>run(connection -> {
                    try (Statement statement = connection.createStatement();
                            ResultSet row = statement.executeQuery("SELECT group_concat(value) FROM number")) {
                        return row.getString(1);
                    }
                }))
                .orElse("");
    }

    private void awaitWritable() {
        while (!writer.state().isWritable()) {
            Thread.onSpinWait();
        }
    }

    private void awaitStatement(String sql) {
        while (!statements.contains(sql)) {
            Thread.onSpinWait();
        }
        statements.remove(sql);
    }

    /// The connection, except that a statement that is to fail does.
    private Connection watched(Connection connection) {
        return proxy(
                Connection.class,
                (method, arguments) -> method.getName().equals("createStatement")
                        ? watched((Statement) method.invoke(connection, arguments))
                        : method.invoke(connection, arguments));
    }

    private Statement watched(Statement statement) {
        return proxy(Statement.class, (method, arguments) -> {
            if (method.getName().startsWith("execute")) {
                String sql = (String) arguments[0];
                statements.add(sql);
                if (sql.equals(failing)) {
                    throw new SQLiteException("the test lets it fail", error);
                }
            }
            return method.invoke(statement, arguments);
        });
    }

    private interface Call {
        Object of(java.lang.reflect.Method method, Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (itself, method, arguments) -> {
                    try {
                        return call.of(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                }));
    }

    private static void isUnavailable(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.type()).isEqualTo(DatabaseProblem.STORE_UNAVAILABLE);
            assertThat(problem.retryAfter()).isPresent();
        });
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
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
