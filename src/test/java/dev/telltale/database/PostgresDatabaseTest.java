package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two processes on one database, as far as it can tell.
class PostgresDatabaseTest extends DatabaseContract {

    private final Postgres postgres = Postgres.fresh();
    private final List<AutoCloseable> others = new ArrayList<>();

    @Override
    Database open(DataDirectory held) {
        return postgres.open(held);
    }

    @Override
    List<Database> all() {
        return List.of(database, another());
    }

    @AfterEach
    void closeOthers() throws Exception {
        for (AutoCloseable other : others.reversed()) {
            other.close();
        }
    }

    @Test
    void whatOneProcessHasWrittenTheOtherReads() {
        Database other = another();
        insert(3);
        assertThat(other.<Long>read(connection -> single(connection, "SELECT sum(value) FROM number")))
                .isEqualTo(3);
    }

    @Test
    void manyProcessesMayMakeTheTablesOfAnEmptyDatabaseAtOnce() throws Exception {
        Postgres empty = Postgres.fresh();
        try (ExecutorService starts = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> outcomes = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Path path = directory.resolve("start-" + i);
                outcomes.add(starts.submit(() -> {
                    try (DataDirectory own = DataDirectory.open(path);
                            Database one = empty.open(own)) {
                        return one.read(connection ->
                                single(connection, "SELECT count(*) FROM pg_tables WHERE tablename = 'counter'"));
                    }
                }));
            }
            for (Future<Long> outcome : outcomes) {
                assertThat(outcome.get()).isOne();
            }
        }
    }

    @Test
    void anOrderedWriteSeesWhatTheOneBeforeItCommittedWhileItWaited() throws Exception {
        Database other = another();
        CountDownLatch underWay = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = callers.submit(() -> database.write(connection -> {
                underWay.countDown();
                await(blocked);
                return execute(connection, "INSERT INTO number VALUES (1)");
            }));
            underWay.await();
            Future<Long> second =
                    callers.submit(() -> other.write(connection -> single(connection, "SELECT count(*) FROM number")));
            awaitWaiting(1);
            // Neither of these stands in line.
            database.writeAlone(connection -> execute(connection, "INSERT INTO number VALUES (2)"));
            assertThat(numbers()).containsExactly(2L);
            assertThat(second.isDone()).isFalse();
            blocked.countDown();
            first.get();
            assertThat(second.get()).isEqualTo(2);
        }
    }

    @Test
    void whatTheServerTakesAsItsDefaultWeakensNothing() throws Exception {
        close();
        for (String weak : List.of("default_transaction_isolation = 'repeatable read'", "synchronous_commit = off")) {
            postgres.administer("ALTER DATABASE " + postgres.name() + " SET " + weak);
        }
        open();
        for (String setting : List.of("transaction_isolation", "synchronous_commit")) {
            assertThat(database.<String>write(connection -> shown(connection, setting)))
                    .isEqualTo(setting.equals("synchronous_commit") ? "on" : "read committed");
        }
        assertThat(database.<String>read(connection -> shown(connection, "transaction_isolation")))
                .isEqualTo("repeatable read");
        assertThat(database.<String>read(connection -> shown(connection, "transaction_read_only")))
                .isEqualTo("on");
    }

    @Test
    void noWorkWaitsForEver() {
        for (String bound : List.of("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")) {
            assertThat(database.<String>writeAlone(connection -> shown(connection, bound)))
                    .as(bound)
                    .isNotEqualTo("0");
        }
    }

    @Test
    void readersAndSignsOfLifeGoOnWhileMoreWritersWaitThanThereAreConnections() throws Exception {
        database.write(connection -> execute(connection, "CREATE TABLE sign (at bigint)"));
        List<Future<Integer>> writes = new ArrayList<>();
        try (Connection lock = postgres.admin();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            lock.setAutoCommit(false);
            execute(lock, "LOCK TABLE number IN EXCLUSIVE MODE");
            for (int i = 0; i < 12; i++) {
                int number = i;
                writes.add(callers.submit(() -> insert(number)));
                writes.add(callers.submit(() -> database.writeAlone(
                        connection -> execute(connection, "INSERT INTO number VALUES (" + number + ")"))));
            }
            awaitWaiting(5);
            for (int i = 0; i < 20; i++) {
                assertThat(numbers()).isEmpty();
                int at = i;
                database.writeSign(connection -> execute(connection, "INSERT INTO sign VALUES (" + at + ")"));
            }
            lock.commit();
            for (Future<Integer> write : writes) {
                write.get();
            }
        }
        assertThat(numbers()).hasSize(24);
    }

    @Test
    void refusesAnyWorkInsideAWork() {
        assertThatThrownBy(() -> database.write(connection -> numbers())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> database.read(connection -> numbers())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> database.writeAlone(connection -> insert(1)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> database.write(connection -> database.writeFromReserve(again -> 1)))
                .isInstanceOf(IllegalStateException.class);
        insert(2);
        assertThat(numbers()).containsExactly(2L);
    }

    @Test
    void aConnectionThatIsCutIsToldAndTheNextWorkHasAnother() throws Exception {
        assertThatThrownBy(() -> database.write(connection -> {
                    execute(connection, "INSERT INTO number VALUES (1)");
                    postgres.cutConnections();
                    return execute(connection, "INSERT INTO number VALUES (2)");
                }))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(DatabaseProblem.STORE_UNAVAILABLE);
                    assertThat(problem.retryAfter()).isPresent();
                });
        awaitWritable();
        insert(3);
        assertThat(numbers()).containsExactly(3L);
    }

    @Test
    void aConnectionThatIsCutBeforeTheCommitLeavesNothing() {
        assertThatThrownBy(() -> database.write(connection -> {
                    execute(connection, "INSERT INTO number VALUES (1)");
                    postgres.cutConnections();
                    return 1;
                }))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.type()).isEqualTo(DatabaseProblem.STORE_UNAVAILABLE));
        awaitWritable();
        assertThat(numbers()).isEmpty();
    }

    @Test
    void whoLocksEachOtherOutHearsThatTheStoreIsBusy() throws Exception {
        database.write(connection -> execute(connection, "INSERT INTO counter VALUES ('a', 0), ('b', 0)"));
        CountDownLatch both = new CountDownLatch(2);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> works = new ArrayList<>();
            for (String way : List.of("ab", "ba")) {
                works.add(callers.submit(() -> database.writeAlone(connection -> {
                    raise(connection, way.substring(0, 1));
                    both.countDown();
                    await(both);
                    return raise(connection, way.substring(1));
                })));
            }
            List<Problem> problems = new ArrayList<>();
            for (Future<Integer> work : works) {
                try {
                    work.get();
                } catch (ExecutionException e) {
                    problems.add((Problem) Objects.requireNonNull(e.getCause()));
                }
            }
            assertThat(problems).singleElement().satisfies(problem -> {
                assertThat(problem.type()).isEqualTo(DatabaseProblem.STORE_OVERLOADED);
                assertThat(problem.retryAfter()).isPresent();
            });
        }
        assertThat(database.<Long>read(
                        connection -> single(connection, "SELECT sum(value) FROM counter WHERE name IN ('a', 'b')")))
                .as("one of them was done, the other left nothing")
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "53100, STORAGE_FULL",
        "53200, STORE_UNAVAILABLE",
        "53300, STORE_UNAVAILABLE",
        "58030, STORE_UNAVAILABLE",
        "XX001, STORE_UNAVAILABLE",
        "55P03, STORE_OVERLOADED",
        "57014, STORE_OVERLOADED",
        "40001, STORE_OVERLOADED"
    })
    void whatTheServerSaysIsToldAsWhatItMeans(String state, DatabaseProblem problem) {
        assertThatThrownBy(() -> database.write(connection -> {
                    execute(connection, "INSERT INTO number VALUES (1)");
                    return execute(connection, "DO $$ BEGIN RAISE 'so it is' USING ERRCODE = '" + state + "'; END $$");
                }))
                .isInstanceOfSatisfying(
                        Problem.class, failure -> assertThat(failure.type()).isEqualTo(problem));
        assertThat(numbers()).isEmpty();
    }

    @Test
    void aFullDiskOfTheServerIsToldAndOverWhenThereIsRoomAgain() {
        assertThatThrownBy(() -> database.write(connection -> execute(
                        connection, "DO $$ BEGIN RAISE 'could not extend file' USING ERRCODE = '53100'; END $$")))
                .hasMessageContaining("full");
        assertThat(database.state()).isInstanceOf(StoreState.Full.class);
        insert(3);
        assertThat(database.state().isWritable()).isTrue();
    }

    @Test
    void aServerThatTakesNoMoreWritesIsFoundSoAndFoundAgain() throws Exception {
        postgres.administer(
                "ALTER ROLE telltale IN DATABASE " + postgres.name() + " SET default_transaction_read_only = on");
        postgres.cutConnections();
        awaitProblem();
        assertThat(database.state()).isInstanceOf(StoreState.Failed.class);
        assertThatThrownBy(this::numbers).isInstanceOf(Problem.class);

        postgres.administer(
                "ALTER ROLE telltale IN DATABASE " + postgres.name() + " RESET default_transaction_read_only");
        awaited(() -> insert(1));
        assertThat(database.state().isWritable()).isTrue();
        assertThat(numbers()).containsExactly(1L);
    }

    @Test
    void aPasswordThatIsChangedWhileItRunsIsTakenFromItsFile() throws Exception {
        Postgres own = Postgres.fresh();
        own.administer("CREATE ROLE changing LOGIN PASSWORD 'before'; ALTER DATABASE " + own.name()
                + " OWNER TO changing; GRANT ALL ON SCHEMA public TO changing");
        DataDirectory held = held(directory.resolve("changing"));
        Path file = Postgres.passwordFile(held.path(), "before");
        try (PostgresDatabase other = PostgresDatabase.open(
                held, space(held.path()), new PostgresProperties(own.url(), "changing", file, 6))) {
            own.administer("ALTER ROLE changing PASSWORD 'after'");
            Postgres.passwordFile(held.path(), "after");
            own.administer("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'changing'");
            assertThat(PostgresDatabaseTest.<Integer>awaited(() -> other.write(connection -> 5)))
                    .isEqualTo(5);
        }
    }

    @Test
    void closingWaitsForWorksThatHaveBegun() throws Exception {
        CountDownLatch underWay = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> work = callers.submit(() -> database.write(connection -> {
                underWay.countDown();
                await(blocked);
                return execute(connection, "INSERT INTO number VALUES (1)");
            }));
            underWay.await();
            Future<?> end = callers.submit(() -> database.close());
            while (!isClosed()) {
                Thread.onSpinWait();
            }
            assertThat(end.isDone()).isFalse();
            blocked.countDown();
            assertThat(work.get()).isEqualTo(1);
            end.get();
        }
        close();
        open();
        assertThat(numbers()).containsExactly(1L);
    }

    @Test
    void aLibraryHasConnectionsThatCommitEachStatement() throws Exception {
        try (Connection connection = database.writer().getConnection()) {
            assertThat(connection.getAutoCommit()).isTrue();
            execute(connection, "INSERT INTO number VALUES (1)");
            assertThat(numbers()).containsExactly(1L);
        }
    }

    @Test
    void aCopyIsLeftToTheToolsOfTheDatabase() {
        assertThatThrownBy(() -> database.copyTo(directory.resolve("copy"), () -> false))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(DatabaseProblem.COPY_NOT_OFFERED);
                    assertThat(problem.detail()).contains("pg_dump");
                });
    }

    @Test
    void aFullDiskOfThisProcessStopsItsFilesAndNoWrites() throws Exception {
        DataDirectory held = held(directory.resolve("full"));
        FreeSpace full = new FreeSpace(FreeSpace.Disk.of(held.path()), new FreeSpace.Bound(Long.MAX_VALUE, 0));
        try (PostgresDatabase other = PostgresDatabase.open(held, full, postgres.properties(held.path()))) {
            assertThatThrownBy(() -> other.requireRoom(1)).isInstanceOf(Problem.class);
            assertThatThrownBy(other::temporaryFile).isInstanceOf(Problem.class);
            other.temporaryFileFromReserve().close();
            assertThat(other.state().isWritable()).isTrue();
            assertThat(other.<Integer>write(connection -> execute(connection, "INSERT INTO number VALUES (1)")))
                    .isEqualTo(1);
        }
    }

    @Test
    void itsMetersTellOfConnectionsAndFailures() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        PostgresDatabase postgresDatabase = (PostgresDatabase) database;
        DatabaseMeters.register(registry, postgresDatabase, space(directory));

        assertThat(database.<Double>read(connection -> registry.get("telltale.database.connections")
                        .tag("state", "active")
                        .gauge()
                        .value()))
                .isEqualTo(1);
        assertThat(registry.get("telltale.database.connections")
                        .tag("state", "idle")
                        .gauge()
                        .value())
                .isPositive();
        assertThat(registry.get("telltale.database.waiting").gauge().value()).isZero();
        assertThat(registry.get("telltale.storage.writable").gauge().value()).isEqualTo(1);
        assertThatThrownBy(() -> database.write(connection -> {
                    postgres.cutConnections();
                    return execute(connection, "INSERT INTO number VALUES (2)");
                }))
                .isInstanceOf(Problem.class);
        assertThat(registry.get("telltale.storage.failures")
                        .tag("cause", "server")
                        .functionCounter()
                        .count())
                .isPositive();
        assertThat(registry.get("telltale.storage.failures")
                        .tag("cause", "full")
                        .functionCounter()
                        .count())
                .isZero();
    }

    @Test
    void aWrongPasswordIsToldWithItsSetting() {
        Path file = Postgres.passwordFile(directory, "wrong");
        assertRefused(
                new PostgresProperties(postgres.url(), postgres.user(), file, 6),
                "does not let the user 'telltale' in",
                "telltale.database.password-file");
    }

    @Test
    void aPasswordThatIsNotGivenIsToldWithItsSetting() {
        assertRefused(
                new PostgresProperties(postgres.url(), postgres.user(), null, 6),
                "asks the user 'telltale' for a password",
                "telltale.database.password-file");
    }

    @Test
    void aPasswordFileThatCannotBeReadIsToldWithItsSetting() throws Exception {
        Path missing = directory.resolve("missing");
        assertRefused(
                new PostgresProperties(postgres.url(), postgres.user(), missing, 6),
                missing.toString(),
                "telltale.database.password-file");
        Path large = Files.writeString(directory.resolve("large"), "x".repeat(5_000));
        assertRefused(
                new PostgresProperties(postgres.url(), postgres.user(), large, 6),
                large.toString(),
                "telltale.database.password-file");
    }

    @Test
    void aServerThatCannotBeReachedIsToldWithItsSetting() {
        assertRefused(
                new PostgresProperties("jdbc:postgresql://127.0.0.1:1/telltale", "telltale", null, 6),
                "cannot be reached",
                "telltale.database.url");
    }

    @Test
    void anAddressThatIsNoneIsToldWithItsSetting() {
        assertRefused(
                new PostgresProperties("jdbc:postgresql://127.0.0.1:port/telltale", "telltale", null, 6),
                "not understood",
                "telltale.database.url");
    }

    @Test
    void aDatabaseThatIsNotThereIsToldWithItsSetting() {
        String url = postgres.url().replace(postgres.name(), "nowhere");
        assertRefused(
                new PostgresProperties(url, postgres.user(), postgres.passwordFile(directory), 6),
                "has no such database",
                "telltale.database.url");
    }

    @Test
    void aUserWhoMayNotMakeTablesIsToldWithItsSetting() throws Exception {
        Postgres own = Postgres.fresh();
        own.administer("ALTER DATABASE " + own.name() + " OWNER TO postgres");
        assertRefused(own.properties(directory), "permission denied", "telltale.database.user");
    }

    @Test
    void aDatabaseOfAnotherEncodingIsToldWithItsSetting() throws Exception {
        postgres.administer("CREATE DATABASE " + postgres.name()
                + "_ascii OWNER telltale ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
        assertRefused(
                new PostgresProperties(postgres.url() + "_ascii", postgres.user(), postgres.passwordFile(directory), 6),
                "SQL_ASCII",
                "telltale.database.url");
    }

    @Test
    void aServerThatIsAStandbyIsToldWithItsSetting() throws Exception {
        postgres.administer("ALTER DATABASE " + postgres.name() + " SET default_transaction_read_only = on");
        assertRefused(postgres.properties(directory), "takes no writes", "telltale.database.url");
    }

    private void assertRefused(PostgresProperties properties, String message, String setting) {
        assertThatThrownBy(() -> PostgresDatabase.open(held, space(directory), properties))
                .isInstanceOfSatisfying(DatabaseUnusable.class, failure -> {
                    assertThat(failure.getMessage()).contains(message);
                    assertThat(failure.getMessage() + " " + failure.advice()).contains(setting);
                });
    }

    private Database another() {
        Database other = postgres.open(held(directory.resolve("other-" + others.size())));
        others.add(other);
        return other;
    }

    private DataDirectory held(Path path) {
        DataDirectory own = DataDirectory.open(path);
        others.add(own);
        return own;
    }

    private static FreeSpace space(Path path) {
        return new FreeSpace(FreeSpace.Disk.of(path), FreeSpace.Bound.NONE);
    }

    private boolean isClosed() {
        try {
            numbers();
            return false;
        } catch (Problem closed) {
            return true;
        }
    }

    /// Until so many of this database wait for a lock.
    private void awaitWaiting(int count) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (postgres.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                        + " AND datname = current_database()")
                < count) {
            assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private void awaitWritable() {
        assertThat(PostgresDatabaseTest.<Integer>awaited(() -> database.write(connection -> 1)))
                .isEqualTo(1);
        assertThat(database.state().isWritable()).isTrue();
    }

    /// What a caller gets who asks again as he is told.
    private static <T> T awaited(Supplier<T> work) {
        while (true) {
            try {
                return work.get();
            } catch (Problem later) {
                assertThat(later.retryAfter()).isPresent();
                pause();
            }
        }
    }

    private void awaitProblem() {
        while (!(database.state() instanceof StoreState.Failed)) {
            try {
                insert(1);
            } catch (Problem met) {
                assertThat(met.retryAfter()).isPresent();
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int raise(Connection connection, String name) throws SQLException {
        return execute(connection, "UPDATE counter SET value = value + 1 WHERE name = '" + name + "'");
    }

    private static String shown(Connection connection, String setting) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW " + setting)) {
            row.next();
            return row.getString(1);
        }
    }
}
