package dev.telltale.database;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What processes on one database may do one at a time.
class LeasesTest {

    private static final Duration NEVER = Duration.ofDays(1);
    private static final String NAME = "it";
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path directory;

    private Processes processes;
    private final List<Member> started = new ArrayList<>();

    /// A process whose time passes as the test says, and that asks when the test says.
    private final class Member {

        private final AtomicLong nanos = new AtomicLong(System.nanoTime());
        private final PostgresDatabase database = processes.startOne();
        private final LeaseTable leases;
        private final Lease lease;

        Member(String name, Duration pause) {
            leases = new LeaseTable(database, name, pause.equals(NEVER) ? nanos::get : System::nanoTime, pause);
            lease = leases.lease(NAME);
            started.add(this);
        }

        /// Whether a transaction that needs the lease is committed.
        boolean passes() {
            try {
                return database.writeAlone(connection -> {
                    lease.require(connection);
                    return true;
                });
            } catch (LeaseLost lost) {
                return false;
            }
        }
    }

    @BeforeEach
    void open() {
        processes = new Processes(directory);
    }

    @AfterEach
    void close() {
        started.forEach(process -> process.leases.close());
        processes.close();
    }

    @Test
    void oneOfManyThatAskAtOnceGetsIt() throws Exception {
        List<Member> all = List.of(process("a"), process("b"), process("c"), process("d"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> asked = new ArrayList<>();
            for (Member process : all) {
                asked.add(threads.submit(() -> process.leases.ask()));
            }
            for (Future<?> one : asked) {
                one.get();
            }
        }
        assertThat(all).filteredOn(process -> process.lease.isHeld()).hasSize(1);
        assertThat(all).filteredOn(Member::passes).hasSize(1).allMatch(process -> process.lease.isHeld());
    }

    @Test
    void isNotHeldBeforeItWasAskedFor() {
        Member one = process("a");
        assertThat(one.lease.isHeld()).isFalse();
        assertThat(one.passes()).isFalse();
    }

    @Test
    void isKeptByAskingAgainAndTransactionsThatHaveBegunGoOn() throws Exception {
        Member one = process("a");
        Member other = process("b");
        one.leases.ask();
        long token = token();
        try (Connection transaction = one.database.writer().getConnection()) {
            transaction.setAutoCommit(false);
            one.nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            one.leases.ask();
            other.leases.ask();
            one.lease.require(transaction);
            transaction.commit();
        }
        assertThat(token()).isEqualTo(token);
        assertThat(one.lease.isHeld()).isTrue();
        assertThat(other.lease.isHeld()).isFalse();
    }

    @Test
    void isAnothersWhenItsTimeIsOverAndTheFormerHolderStoresNothingMore() throws Exception {
        Member one = process("a");
        Member other = process("b");
        one.leases.ask();
        long token = token();
        other.leases.ask();
        assertThat(other.lease.isHeld()).isFalse();

        end();
        other.leases.ask();
        assertThat(other.lease.isHeld()).isTrue();
        assertThat(token()).isEqualTo(token + 1);
        assertThat(one.lease.isHeld()).as("it was paused and does not know").isTrue();
        assertThat(one.passes()).isFalse();
        assertThat(other.passes()).isTrue();
        one.leases.ask();
        assertThat(one.lease.isHeld()).isFalse();
    }

    @Test
    void aHolderWhoseTimeIsOverMayGoOnWhileNobodyElseWantsIt() throws Exception {
        Member one = process("a");
        one.leases.ask();
        long token = token();
        end();
        assertThat(one.passes()).isTrue();
        one.leases.ask();
        assertThat(token()).isEqualTo(token);
    }

    @Test
    void whoWantsItWaitsForTheTransactionOfItsHolder() throws Exception {
        Member one = process("a");
        Member other = process("b");
        one.leases.ask();
        end();
        CountDownLatch underWay = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Long> transaction = threads.submit(() -> one.database.writeAlone(connection -> {
                one.lease.require(connection);
                underWay.countDown();
                DatabaseContract.await(blocked);
                return DatabaseContract.single(connection, "SELECT count(*) FROM lease WHERE owner = 'a'");
            }));
            underWay.await();
            Future<?> asked = threads.submit(other.leases::ask);
            awaitWaiting();
            assertThat(other.lease.isHeld()).isFalse();
            blocked.countDown();
            assertThat(transaction.get()).isEqualTo(1);
            asked.get();
        }
        assertThat(other.lease.isHeld()).isTrue();
        assertThat(one.passes()).isFalse();
    }

    @Test
    void noTransactionOfAFormerHolderIsCommittedAfterOneOfTheNext() throws Exception {
        List<Member> all = List.of(process("a"), process("b"), process("c"));
        processes
                .postgres()
                .administer("CREATE TABLE guard (token BIGINT NOT NULL); INSERT INTO guard VALUES (0);"
                        + " GRANT ALL ON guard TO telltale");
        AtomicInteger committed = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        AtomicBoolean ended = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> works = new ArrayList<>();
            for (Member process : all) {
                works.add(threads.submit(() -> {
                    while (!ended.get()) {
                        process.leases.ask();
                    }
                }));
                works.add(threads.submit(() -> {
                    while (!ended.get()) {
                        try {
                            process.database.writeAlone(connection -> guarded(process, connection));
                            committed.incrementAndGet();
                        } catch (LeaseLost e) {
                            lost.incrementAndGet();
                        }
                    }
                }));
            }
            try {
                long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
                while (committed.get() < 100 || lost.get() < 100 || token() < 20) {
                    assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
                    end();
                }
            } finally {
                ended.set(true);
            }
            for (Future<?> work : works) {
                work.get();
            }
        }
    }

    /// Keeps the number of the newest holder that was here.
    private static int guarded(Member process, Connection connection) throws SQLException {
        process.lease.require(connection);
        long token = DatabaseContract.single(connection, "SELECT token FROM lease WHERE name = '" + NAME + "'");
        long newest = DatabaseContract.single(connection, "SELECT token FROM guard FOR UPDATE");
        if (newest > token) {
            throw new AssertionError("holder " + token + " after holder " + newest);
        }
        return DatabaseContract.execute(connection, "UPDATE guard SET token = " + token);
    }

    @Test
    void aHolderThatIsGoneIsFollowedWithinTwentySeconds() throws Exception {
        assertThat(LeaseTable.LENGTH.plus(LeaseTable.ASKED_EACH)).isLessThanOrEqualTo(Duration.ofSeconds(18));
        Member one = process("a");
        one.leases.ask(); // and never again
        Member other = new Member("b", LeaseTable.ASKED_EACH);
        while (!other.lease.isHeld()) {
            assertThat(one.passes() || other.passes()).isTrue();
            Thread.sleep(100);
        }
        assertThat(one.passes()).isFalse();
        assertThat(other.passes()).isTrue();
    }

    @Test
    void aMachineWhoseTimeJumpsNeitherGetsItNorKeepsItFromOthers() throws Exception {
        Member one = process("a");
        Member other = process("b");
        one.leases.ask();
        for (Duration jump : List.of(HOUR, HOUR.negated(), HOUR.negated(), HOUR)) {
            other.nanos.addAndGet(jump.toNanos());
            other.leases.ask();
            assertThat(other.lease.isHeld()).isFalse();
            assertThat(other.passes()).isFalse();
            one.nanos.addAndGet(jump.toNanos());
            assertThat(one.passes()).isTrue();
            one.leases.ask();
            assertThat(one.lease.isHeld()).isTrue();
        }
        end();
        one.nanos.addAndGet(HOUR.negated().toNanos());
        other.leases.ask();
        assertThat(other.lease.isHeld()).isTrue();
        assertThat(one.passes()).isFalse();
    }

    @Test
    void aHolderThatCannotAskTakesItselfForNoneInTime() {
        Member one = process("a");
        one.leases.ask();
        one.nanos.addAndGet(LeaseTable.LENGTH.minusMillis(1).toNanos());
        assertThat(one.lease.isHeld()).isTrue();
        one.nanos.addAndGet(Duration.ofMillis(1).toNanos());
        assertThat(one.lease.isHeld()).isFalse();
    }

    @Test
    void noClockThatCanBeSetIsAsked() {
        noClasses()
                .that()
                .haveNameMatching(".*\\.database\\.(LeaseTable|ReplicaTable|ChangeTable)(\\$.*)?")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .check(new ClassFileImporter().importPackages("dev.telltale.database"));
    }

    @Test
    void isGivenBackByWhoEnds() throws Exception {
        Member one = process("a");
        Member other = process("b");
        one.leases.ask();
        long token = token();
        one.leases.close();
        assertThat(one.lease.isHeld()).isFalse();
        other.leases.ask();
        assertThat(other.lease.isHeld()).isTrue();
        assertThat(token()).isEqualTo(token + 1);
    }

    @Test
    void ofTwoNamesAreTwo() {
        Member one = process("a");
        Member other = process("b");
        one.leases.ask();
        Lease second = other.leases.lease("another");
        other.leases.ask();
        assertThat(second.isHeld()).isTrue();
        assertThat(other.lease.isHeld()).isFalse();
    }

    @Test
    void whoListensHearsThatItIsGotAndLost() throws Exception {
        Member one = process("a");
        Member other = process("b");
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        one.lease.listen(telling(heard));
        one.leases.ask();
        awaitSize(heard, 1);
        one.lease.listen(telling(heard)); // who comes later hears it too
        awaitSize(heard, 2);
        end();
        other.leases.ask();
        one.leases.ask();
        awaitSize(heard, 4);
        end();
        one.leases.ask();
        awaitSize(heard, 6);
        one.leases.close();
        assertThat(heard).containsExactly("gained", "gained", "lost", "lost", "gained", "gained", "lost", "lost");
    }

    @Test
    void aProcessThatHasItsDatabaseToItselfHoldsAll() {
        try (DataDirectory held = DataDirectory.open(directory.resolve("sqlite"));
                Database sqlite = SqliteDatabase.open(held);
                Replicas replicas = Replicas.on(sqlite, "me");
                Leases leases = Leases.on(sqlite, replicas)) {
            Lease lease = leases.lease(NAME);
            List<String> heard = new ArrayList<>();
            lease.listen(telling(heard));
            assertThat(heard).containsExactly("gained");
            assertThat(lease.isHeld()).isTrue();
            assertThat(sqlite.<Boolean>write(connection -> {
                        lease.require(connection);
                        return true;
                    }))
                    .isTrue();
        }
    }

    private Member process(String name) {
        return new Member(name, NEVER);
    }

    private static LeaseListener telling(List<String> heard) {
        return new LeaseListener() {
            @Override
            public void gained() {
                heard.add("gained");
            }

            @Override
            public void lost() {
                heard.add("lost");
            }
        };
    }

    private static void awaitSize(List<String> heard, int size) throws InterruptedException {
        while (heard.size() < size) {
            Thread.sleep(10);
        }
    }

    private void awaitWaiting() throws Exception {
        while (processes
                        .postgres()
                        .number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND wait_event_type = 'Lock'")
                == 0) {
            Thread.sleep(10);
        }
    }

    /// Lets the time of the holder pass.
    private void end() throws SQLException {
        processes.postgres().administer("UPDATE lease SET until = clock_timestamp() - interval '1 millisecond'");
    }

    private long token() throws SQLException {
        return processes.postgres().number("SELECT token FROM lease WHERE name = '" + NAME + "'");
    }
}
