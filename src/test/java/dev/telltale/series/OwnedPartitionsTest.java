package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which of several processes on one database owns a partition.
class OwnedPartitionsTest {

    private static final int PARTITIONS = 16;
    /// Nothing goes on by itself.
    private static final OwnedPartitions.Timing BY_HAND = new OwnedPartitions.Timing(
            Duration.ofDays(1), Duration.ofSeconds(20), Duration.ofSeconds(3), Duration.ofSeconds(2));

    private static final OwnedPartitions.Timing PATIENT = new OwnedPartitions.Timing(
            Duration.ofDays(1), Duration.ofSeconds(20), Duration.ofSeconds(3), Duration.ofMinutes(1));

    @TempDir
    private Path directory;

    private final Postgres postgres = Postgres.fresh();
    private final List<Member> processes = new ArrayList<>();

    /// A process whose time passes as the test says, and that looks when the test says.
    private final class Member {

        private final String name;
        private final AtomicLong nanos = new AtomicLong(System.nanoTime());
        private final DataDirectory held;
        private final Database database;
        private final OwnedPartitions owned;
        private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
        private final Set<Integer> untellable = ConcurrentHashMap.newKeySet(); // partitions whose news cannot be told

        Member(String name, OwnedPartitions.Timing timing) {
            this.name = name;
            try {
                held = DataDirectory.open(Files.createDirectory(directory.resolve(name)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            database = postgres.open(held);
            database.write(connection -> PartitionTable.prepare(connection, PARTITIONS));
            owned = new OwnedPartitions(database, name, timing, nanos::get);
            owned.listen(new PartitionListener() {
                @Override
                public void gained(int partition) {
                    heard.add("gained " + partition + (owned.owns(partition) ? "" : " without owning it"));
                }

                @Override
                public void losing(int partition) {
                    heard.add("losing " + partition + " of " + owner(partition));
                }
            });
            processes.add(this);
        }

        Member start() {
            owned.start(new PartitionTails() {
                @Override
                public void begin(int partition) {
                    heard.add("begin " + partition);
                }

                @Override
                public void open(int partition) {
                    heard.add("open " + partition);
                    if (untellable.contains(partition)) {
                        throw new IllegalStateException("the test lets it fail here");
                    }
                }

                @Override
                public void end(int partition) {
                    heard.add("end " + partition);
                }
            });
            return this;
        }

        void pulse() {
            owned.watch();
            owned.stay();
            owned.look();
        }

        List<Integer> partitions() {
            return IntStream.range(0, PARTITIONS).filter(owned::owns).boxed().toList();
        }

        void passes(Duration time) {
            nanos.addAndGet(time.toNanos());
        }

        /// Whether a transaction is committed that needs to own a partition.
        boolean commits(int partition, long epoch) {
            try {
                return database.writeAlone(connection -> {
                    owned.require(connection, partition, epoch);
                    return true;
                });
            } catch (PartitionLost lost) {
                assertThat(lost.partition()).isEqualTo(partition);
                return false;
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @AfterEach
    void close() {
        for (Member process : processes) {
            process.owned.close();
            process.database.close();
            process.held.close();
        }
    }

    @Test
    void oneAloneOwnsAllFromItsStartOn() {
        Member one = new Member("one", BY_HAND);
        assertThat(one.partitions()).isEmpty();
        one.start();
        assertThat(one.partitions()).hasSize(PARTITIONS);
        assertThat(one.owned.count()).isEqualTo(PARTITIONS);
        assertThat(one.heard)
                .startsWith("begin 0", "gained 0", "open 0", "begin 1")
                .hasSize(3 * PARTITIONS);
        assertThat(one.commits(3, one.owned.epoch(3))).isTrue();
        assertThat(one.commits(3, one.owned.epoch(3) + 1)).isFalse();
        one.pulse();
        assertThat(one.heard).hasSize(3 * PARTITIONS);
    }

    @Test
    void severalOwnEquallyManyAndNothingTwice() {
        Member one = new Member("one", BY_HAND).start();
        Member two = new Member("two", BY_HAND).start();
        assertThat(two.partitions()).isEmpty();
        one.pulse();
        two.pulse();
        assertThat(counts()).isEqualTo(Map.of("one", 8, "two", 8));
        Member three = new Member("three", BY_HAND).start();
        List<Integer> before = two.partitions();
        settle();
        assertThat(counts().values()).containsExactlyInAnyOrder(5, 5, 6);
        assertThat(before).containsAll(two.partitions());
        assertDisjoint();
        processes.forEach(process -> process.heard.clear());
        settle();
        assertThat(processes).allMatch(process -> process.heard.isEmpty());
        assertThat(three.partitions()).allMatch(partition -> three.commits(partition, three.owned.epoch(partition)));
    }

    @Test
    void givesUpWhatItStillOwnsWhileListenersEndTheirWork() {
        Member one = new Member("one", BY_HAND).start();
        new Member("two", BY_HAND).start();
        one.heard.clear();
        one.pulse();
        assertThat(one.heard)
                .hasSize(PARTITIONS)
                .startsWith("end 8", "losing 8 of one", "end 9", "losing 9 of one")
                .noneMatch(event -> event.startsWith("gained"));
        assertThat(owner(8)).isEqualTo("nobody");
    }

    @Test
    void whoEndsIsFollowedAtTheNextLook() {
        Member one = new Member("one", BY_HAND).start();
        Member two = new Member("two", BY_HAND).start();
        settle();
        one.owned.close();
        assertThat(one.partitions()).isEmpty();
        two.pulse();
        assertThat(two.partitions()).hasSize(PARTITIONS);
    }

    @Test
    void whoIsNotHeardOfIsFollowedAndOwnsNothingByThen() throws Exception {
        Member one = new Member("one", BY_HAND).start();
        Member two = new Member("two", BY_HAND).start();
        settle();
        Map<Integer, Long> epochs = epochs(one);
        one.passes(Duration.ofSeconds(16));
        two.passes(Duration.ofSeconds(16));
        assertThat(one.partitions()).hasSize(8);
        two.pulse();
        assertThat(two.partitions()).hasSize(8);

        one.passes(Duration.ofSeconds(1));
        assertThat(one.partitions())
                .as("3 seconds before others may take it for dead")
                .isEmpty();
        silent("one", Duration.ofSeconds(20));
        two.pulse();
        assertThat(two.partitions()).hasSize(PARTITIONS);
        assertThat(epochs).allSatisfy((partition, epoch) -> {
            assertThat(one.commits(partition, epoch)).isFalse();
            assertThat(two.owned.epoch(partition)).isEqualTo(epoch + 1);
        });

        one.heard.clear();
        one.pulse();
        assertThat(one.heard).hasSize(16).allMatch(event -> event.startsWith("end") || event.endsWith("of two"));
        settle();
        assertThat(counts()).isEqualTo(Map.of("one", 8, "two", 8));
        assertDisjoint();
    }

    @Test
    void whoFindsAnothersNameOnWhatItOwnsHasLostIt() throws Exception {
        Member one = new Member("one", BY_HAND).start();
        postgres.administer("UPDATE store_partition SET owner = 'thief', epoch = epoch + 1 WHERE partition = 5");
        assertThat(one.owned.owns(5)).as("as far as it knows").isTrue();
        assertThat(one.commits(5, one.owned.epoch(5))).isFalse();
        one.heard.clear();
        one.pulse();
        assertThat(one.heard).containsExactly("end 5", "losing 5 of thief", "begin 5", "gained 5", "open 5");
        assertThat(one.commits(5, one.owned.epoch(5))).isTrue();
    }

    @Test
    void whatWasLostAndIsRegainedHasAnotherEpoch() {
        Member one = new Member("one", BY_HAND).start();
        Map<Integer, Long> epochs = epochs(one);
        long epoch = one.owned.epoch(0);
        one.passes(Duration.ofSeconds(17));
        one.heard.clear();
        one.owned.watch();
        assertThat(one.heard).hasSize(2 * PARTITIONS).contains("losing 0 of one");
        assertThat(one.commits(0, epoch)).as("nobody else owned it").isTrue();
        one.pulse();
        assertThat(one.partitions()).hasSize(PARTITIONS);
        assertThat(epochs).allSatisfy((partition, before) -> {
            assertThat(one.commits(partition, before)).isFalse();
            assertThat(one.commits(partition, one.owned.epoch(partition))).isTrue();
        });
    }

    @Test
    void aListenerThatFailsKeepsNobodyFromHearing() {
        Member one = new Member("one", BY_HAND);
        List<Integer> gained = new ArrayList<>();
        one.owned.listen(new PartitionListener() {
            @Override
            public void gained(int partition) {
                throw new IllegalStateException("this listener fails always");
            }

            @Override
            public void losing(int partition) {
                throw new IllegalStateException("this listener fails always");
            }
        });
        one.owned.listen(new PartitionListener() {
            @Override
            public void gained(int partition) {
                gained.add(partition);
            }

            @Override
            public void losing(int partition) {
                gained.remove((Object) partition);
            }
        });
        one.start();
        assertThat(gained).hasSize(PARTITIONS);
        one.owned.close();
        assertThat(gained).isEmpty();
    }

    @Test
    void aPartitionOfWhichItCannotTellIsNotOwnedAndTriedAgain() {
        Member one = new Member("one", BY_HAND);
        one.untellable.add(3);
        one.start();
        assertThat(one.partitions()).hasSize(PARTITIONS - 1).doesNotContain(3);
        assertThat(one.heard)
                .containsSubsequence("begin 3", "gained 3", "open 3", "end 3", "losing 3 of one", "begin 4");

        one.heard.clear();
        assertThatThrownBy(one::pulse).hasMessage("the test lets it fail here");
        assertThat(one.heard).startsWith("begin 3", "gained 3", "open 3", "end 3", "losing 3 of one");
        assertThat(one.partitions()).doesNotContain(3);

        one.untellable.clear();
        one.heard.clear();
        one.pulse();
        assertThat(one.heard).containsExactly("begin 3", "gained 3", "open 3");
        assertThat(one.partitions()).hasSize(PARTITIONS);
        assertThat(one.commits(3, one.owned.epoch(3))).isTrue();
    }

    @Test
    void aPartitionOfWhichOneCannotTellIsLeftToAnother() {
        Member one = new Member("one", BY_HAND);
        one.untellable.add(3);
        one.start();
        Member two = new Member("two", BY_HAND).start();
        one.pulse();
        assertThat(owner(3)).isEqualTo("nobody");
        two.pulse();
        assertThat(two.partitions()).hasSize(8).contains(3);
        assertThat(two.commits(3, two.owned.epoch(3))).isTrue();
        settle();
        assertThat(counts()).isEqualTo(Map.of("one", 8, "two", 8));
        assertDisjoint();
    }

    @Test
    void aTransactionThatReliesOnTheOwnerEndsBeforeTheNextOneOwnsThePartition() throws Exception {
        Member one = new Member("one", BY_HAND).start();
        Member two = new Member("two", PATIENT);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        two.owned.listen(new PartitionListener() {
            @Override
            public void gained(int partition) {
                order.add("gained");
            }

            @Override
            public void losing(int partition) {
                order.add("lost");
            }
        });
        CountDownLatch required = new CountDownLatch(1);
        CountDownLatch waitedFor = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> paused = threads.submit(() -> one.database.writeAlone(connection -> {
                for (int partition = PARTITIONS - 1; partition >= 0; partition--) {
                    one.owned.require(connection, partition, one.owned.epoch(partition));
                }
                required.countDown();
                await(waitedFor);
                return order.add("committed");
            }));
            await(required);
            silent("one", Duration.ofSeconds(20));
            Future<?> starting = threads.submit(two::start);
            while (postgres.number("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) {
                assertThat(order).isEmpty();
                Thread.onSpinWait();
            }
            assertThat(order).isEmpty();
            waitedFor.countDown();
            paused.get();
            starting.get();
        }
        assertThat(order).startsWith("committed", "gained").hasSize(1 + PARTITIONS);
        assertThat(one.commits(0, one.owned.epoch(0))).isFalse();
    }

    @Test
    void whoReliesOnTheOwnerWaitsForNobodyWhoWritesSamples() throws Exception {
        Member one = new Member("one", BY_HAND).start();
        try (Connection writer = postgres.admin()) {
            writer.setAutoCommit(false);
            PartitionTable.lock(writer, List.of(0, 1, 2, 3));
            writer.createStatement().execute("UPDATE store_partition SET sequence = 7 WHERE partition = 3");
            assertThat(one.commits(3, one.owned.epoch(3))).isTrue();
            assertThat(one.commits(0, one.owned.epoch(0))).isTrue();
            writer.commit();
        }
        try (Connection relying = postgres.admin();
                Connection writer = postgres.admin()) {
            relying.setAutoCommit(false);
            one.owned.require(relying, 3, one.owned.epoch(3));
            writer.setAutoCommit(false);
            assertThat(PartitionTable.lock(writer, List.of(3))).isEqualTo(Map.of(3, 7L));
            // and may rely on it himself
            one.owned.require(writer, 3, one.owned.epoch(3));
            one.owned.require(writer, 1, one.owned.epoch(1));
            writer.commit();
            relying.commit();
        }
    }

    @Test
    void goesOnByItself() throws Exception {
        OwnedPartitions.Timing quick = new OwnedPartitions.Timing(
                Duration.ofMillis(20), Duration.ofMillis(1_500), Duration.ofMillis(200), Duration.ofSeconds(2));
        Member one = new Member("one", quick);
        Member two = new Member("two", quick);
        Thread time = Thread.ofVirtual().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                one.nanos.set(System.nanoTime());
                two.nanos.set(System.nanoTime());
                LockSupport.parkNanos(100_000);
            }
        });
        try {
            one.start();
            two.start();
            until(() -> counts().equals(Map.of("one", 8, "two", 8)));
            two.database.close(); // it reaches it no more
            until(() -> two.partitions().isEmpty() && one.partitions().size() == PARTITIONS);
            until(() -> two.heard.containsAll(IntStream.range(8, PARTITIONS)
                    .mapToObj(partition -> "end " + partition)
                    .toList()));
        } finally {
            time.interrupt();
            time.join();
        }
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(5);
        }
    }

    private void settle() {
        for (int round = 0; round < 3; round++) {
            processes.forEach(Member::pulse);
        }
    }

    private Map<String, Integer> counts() {
        return processes.stream()
                .collect(Collectors.toMap(
                        Member::toString, process -> process.partitions().size(), Integer::sum, TreeMap::new));
    }

    private void assertDisjoint() {
        List<Integer> all = processes.stream()
                .flatMap(process -> process.partitions().stream())
                .toList();
        assertThat(all).doesNotHaveDuplicates().hasSize(PARTITIONS);
    }

    private static Map<Integer, Long> epochs(Member process) {
        return process.partitions().stream().collect(Collectors.toMap(partition -> partition, process.owned::epoch));
    }

    /// Makes it so that nothing was heard of a process.
    private void silent(String name, Duration time) throws SQLException {
        postgres.administer("UPDATE lease SET until = until - interval '" + time.toMillis()
                + " milliseconds' WHERE owner = '" + name + "'");
    }

    private String owner(int partition) {
        try (Connection admin = postgres.admin()) {
            return PartitionTable.ownerships(admin).get(partition).owner().orElse("nobody");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
