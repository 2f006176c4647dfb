package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Postgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the owner of a partition hears of samples, whichever of three processes took them.
class OwnerHearsTest {

    private static final long START = 1_700_000_000_000L;
    private static final int SERIES = 12;
    private static final ChunkedSeriesStore.Limits LIMITS = new ChunkedSeriesStore.Limits(200, 3_000, 20_000);
    private static final OwnedPartitions.Timing BY_HAND = new OwnedPartitions.Timing(
            Duration.ofDays(1), Duration.ofMinutes(10), Duration.ofSeconds(3), Duration.ofSeconds(10));

    @TempDir
    private Path directory;

    private final Postgres postgres = Postgres.fresh();
    private final List<Replica> replicas = new ArrayList<>();

    /// What a process heard of a partition from when it came to own it until it lost it.
    private static final class Stint {

        private final Map<Long, Samples> restored = new HashMap<>();
        private final Map<Long, List<Long>> told = new HashMap<>();
    }

    /// Partitions of a process that may begin anew under another name.
    private static final class Ownership implements Partitions {

        private volatile OwnedPartitions now;
        private final List<PartitionListener> listeners = new ArrayList<>();

        Ownership(OwnedPartitions first) {
            now = first;
        }

        void become(OwnedPartitions next) {
            listeners.forEach(next::listen);
            now = next;
        }

        @Override
        public boolean owns(int partition) {
            return now.owns(partition);
        }

        @Override
        public long epoch(int partition) {
            return now.epoch(partition);
        }

        @Override
        public void require(Connection connection, int partition, long epoch) throws SQLException {
            now.require(connection, partition, epoch);
        }

        @Override
        public void listen(PartitionListener listener) {
            listeners.add(listener);
            now.listen(listener);
        }
    }

    private final class Replica {

        private final String name;
        private final AtomicLong skipped = new AtomicLong();
        private final DataDirectory held;
        private final Database database;
        private final Ownership ownership;
        private final PostgresSeriesStore store;
        private final Intake intake;
        private int lives;
        private final Map<Integer, Stint> stints = new HashMap<>(); // guarded by itself
        private final List<Stint> past = new ArrayList<>(); // guarded by stints
        private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

        Replica(String name) {
            this.name = name;
            try {
                held = DataDirectory.open(Files.createDirectory(directory.resolve(name)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            database = postgres.open(held);
            ownership = new Ownership(life());
            store = PostgresSeriesStore.open(database, LIMITS, OpenPostgresStore.GROUP, ownership);
            ownership.listen(new PartitionListener() {
                @Override
                public void gained(int partition) {
                    Replica.this.gained(partition);
                }

                @Override
                public void losing(int partition) {
                    synchronized (stints) {
                        past.add(stints.remove(partition));
                    }
                }
            });
            intake = new Intake(store, new SimpleMeterRegistry(), List.of(new SampleListener() {
                @Override
                public void accepted(SampleBatch batch) {
                    told(batch);
                }

                @Override
                public void ended(long seriesId, long time) {
                    heard.add(seriesId + " ends at " + (time - START));
                }

                @Override
                public void changed(long seriesId, long first, long last) {
                    heard.add(seriesId + " changed from " + (first - START) + " to " + (last - START));
                }
            }));
            replicas.add(this);
        }

        private OwnedPartitions life() {
            return new OwnedPartitions(database, name + lives++, BY_HAND, () -> System.nanoTime() + skipped.get());
        }

        void start() {
            ownership.now.start(store.tails());
        }

        /// Ends and begins as another process.
        void restart() {
            ownership.now.close();
            ownership.become(life());
            start();
        }

        void pulse() {
            ownership.now.watch();
            ownership.now.stay();
            ownership.now.look();
        }

        private void gained(int partition) {
            Stint stint = new Stint();
            for (Series series : store.named("cpu")) {
                if (store.partition(series.id()) == partition) {
                    stint.restored.put(series.id(), store.read(series.id(), Long.MIN_VALUE, Long.MAX_VALUE));
                }
            }
            synchronized (stints) {
                stints.put(partition, stint);
            }
        }

        private void told(SampleBatch batch) {
            synchronized (stints) {
                for (int i = 0; i < batch.count(); i++) {
                    long id = batch.seriesId(i);
                    heard.add(id + "@" + (batch.time(i) - START));
                    Objects.requireNonNull(stints.get(store.partition(id)))
                            .told
                            .computeIfAbsent(id, first -> new ArrayList<>())
                            .add(batch.time(i));
                }
            }
        }

        List<Stint> all() {
            synchronized (stints) {
                List<Stint> all = new ArrayList<>(past);
                all.addAll(stints.values());
                return all;
            }
        }
    }

    @AfterEach
    void close() {
        for (Replica replica : replicas) {
            replica.ownership.now.close();
            replica.store.close();
            replica.database.close();
            replica.held.close();
        }
    }

    @Test
    void hearsOfSamplesWhicheverProcessTookThem() throws Exception {
        start();
        long id = create("i-0");
        Replica owner = owner(id);
        for (int i = 0; i < 3; i++) {
            replicas.get(i).intake.accept(SampleBatch.of(id, samples(10L * i, 2)), OnConflict.REFUSE);
        }
        until(() -> owner.heard.size() == 6);
        assertThat(owner.heard).containsExactly(id + "@0", id + "@1", id + "@10", id + "@11", id + "@20", id + "@21");
        assertThat(replicas).filteredOn(replica -> replica != owner).allMatch(replica -> replica.heard.isEmpty());
    }

    @Test
    void hearsOfItsOwnBeforeTheSenderDoes() {
        start();
        long id = create("i-0");
        Replica owner = owner(id);
        for (int i = 0; i < 50; i++) {
            owner.intake.accept(SampleBatch.of(id, samples(i, 1)), OnConflict.REFUSE);
            assertThat(owner.heard).hasSize(i + 1).endsWith(id + "@" + i);
        }
    }

    @Test
    void hearsOfEndsAndOfLargeUploadsInTheirPlace() throws Exception {
        start();
        long id = create("i-0");
        Replica owner = owner(id);
        Replica other = replicas.get((replicas.indexOf(owner) + 1) % 3);

        other.intake.accept(SampleBatch.of(id, samples(0, 1)), OnConflict.REFUSE);
        PushedSamples pushed = new PushedSamples();
        pushed.end(pushed.series(key("i-0")), START + 5);
        pushed.end(pushed.series(key("unknown")), START + 5);
        other.intake.push(pushed);
        other.intake.accept(ReadUpload.of(samples(100, 3_000)), new long[] {id}, OnConflict.REFUSE);
        other.intake.accept(SampleBatch.of(id, samples(5_000, 1)), OnConflict.REFUSE);
        other.store.compact();
        other.intake.accept(SampleBatch.of(id, samples(5_001, 1)), OnConflict.REFUSE);
        until(() -> owner.heard.size() == 5);
        assertThat(owner.heard)
                .containsExactly(
                        id + "@0", id + " ends at 5", id + " changed from 100 to 3099", id + "@5000", id + "@5001");
    }

    @Test
    void hearsOfAnEndThatWasToldWhileNobodyOwnedThePartition() {
        start();
        long id = create("i-0");
        replicas.forEach(replica -> replica.ownership.now.close());
        Replica last = replicas.getLast();
        PushedSamples pushed = new PushedSamples();
        int series = pushed.series(key("i-0"));
        pushed.add(series, START, 1);
        pushed.end(series, START + 5);
        last.intake.push(pushed);
        assertThat(replicas).allMatch(replica -> replica.heard.isEmpty());

        replicas.getFirst().restart();
        assertThat(replicas.getFirst().heard)
                .as("the sample it finds in the store")
                .containsExactly(id + " ends at 5");
    }

    @Test
    void hearsOfOnePartitionWhereAnotherCannotBeRead() throws Exception {
        start();
        Replica owner = replicas.stream()
                .filter(replica -> replica.ownership.now.count() > 1)
                .findFirst()
                .orElseThrow();
        Replica other = replicas.get((replicas.indexOf(owner) + 1) % 3);
        int[] owned = IntStream.range(0, OpenPostgresStore.GROUP.partitions())
                .filter(owner.ownership::owns)
                .toArray();
        long id = createIn(owned[1]);
        postgres.administer("WITH next AS (UPDATE store_partition SET sequence = sequence + 1 WHERE partition = "
                + owned[0] + " RETURNING partition, sequence) INSERT INTO journal (partition, sequence, kind, samples)"
                + " SELECT partition, sequence, 1, decode(repeat('00', 40), 'hex') FROM next");

        for (int i = 0; i < 3; i++) {
            other.intake.accept(SampleBatch.of(id, samples(i, 1)), OnConflict.REFUSE);
            String sample = id + "@" + i;
            until(() -> owner.heard.contains(sample));
        }
    }

    @Test
    void hearsNothingOfWhatTelltaleSaysItself() throws Exception {
        start();
        long cpu = create("i-0");
        long score = replicas.getFirst()
                .store
                .findOrCreate(new SeriesKey("telltale_score", Labels.of(Map.of("instance", "i-0", "detector", "d"))))
                .id();
        Replica owner = owner(cpu);
        assertThat(owner.ownership.owns(owner.store.partition(score))).isTrue();
        replicas.getFirst().store.append(SampleBatch.of(score, samples(0, 3)), OnConflict.REPLACE);
        replicas.getFirst().store.append(SampleBatch.of(cpu, samples(1, 1)), OnConflict.REPLACE);
        until(() -> !owner.heard.isEmpty());
        assertThat(owner.heard).containsExactly(cpu + "@1");
    }

    @Test
    void eachSampleIsToldOnceOrWasThereBeforeWhileOwnersChangeUnderLoad() throws Exception {
        start();
        List<Long> ids = IntStream.range(0, SERIES)
                .mapToObj(number -> create("i-" + number))
                .toList();
        AtomicBoolean ends = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> writers = new ArrayList<>();
            for (int writer = 0; writer < 3; writer++) {
                List<Long> own = ids.subList(4 * writer, 4 * writer + 4);
                Random random = new Random(writer);
                writers.add(threads.submit(() -> write(own, random, ends)));
            }
            Random random = new Random(42);
            for (int round = 0; round < 40; round++) {
                flip(random);
            }
            ends.set(true);
            int rows = 0;
            for (Future<Integer> writer : writers) {
                rows += writer.get();
            }
            assertThat(rows).isPositive();
        }
        for (int round = 0; round < 3; round++) {
            replicas.forEach(Replica::pulse);
        }
        until(() -> ids.stream().allMatch(this::isWholeAtItsOwner));
        int stints = 0;
        for (Replica replica : replicas) {
            for (Stint stint : replica.all()) {
                stints++;
                stint.told.forEach((id, times) -> {
                    assertThat(times).doesNotHaveDuplicates().isSorted();
                    Samples restored = stint.restored.getOrDefault(id, Samples.empty());
                    // Nothing is missing between what was there and what was told.
                    long next = restored.count() == 0 ? START : restored.time(restored.count() - 1) + 1;
                    assertThat(times.getFirst()).isLessThanOrEqualTo(next);
                    assertThat(times)
                            .isEqualTo(LongStream.rangeClosed(times.getFirst(), times.getLast())
                                    .boxed()
                                    .toList());
                });
            }
        }
        assertThat(stints).isGreaterThan(30);
    }

    private int write(List<Long> ids, Random random, AtomicBoolean ends) {
        int rows = 0;
        for (long time = 0; !ends.get(); time++) {
            long now = START + time;
            Replica replica = replicas.get(random.nextInt(3));
            replica.store.append(
                    new SampleBatch(
                            ids.stream().mapToLong(Long::longValue).toArray(),
                            LongStream.generate(() -> now).limit(ids.size()).toArray(),
                            new double[ids.size()]),
                    OnConflict.REFUSE);
            rows++;
        }
        return rows;
    }

    /// A process begins anew, or nobody hears of it for a while, or somebody looks.
    private void flip(Random random) {
        Replica replica = replicas.get(random.nextInt(3));
        switch (random.nextInt(3)) {
            case 0 -> replica.restart();
            case 1 -> replica.skipped.addAndGet(BY_HAND.length().toNanos());
            default -> replica.store.compact();
        }
        replicas.forEach(Replica::pulse);
    }

    private boolean isWholeAtItsOwner(long id) {
        Replica owner = owner(id);
        Samples all = owner.store.read(id, Long.MIN_VALUE, Long.MAX_VALUE);
        synchronized (owner.stints) {
            Stint stint = Objects.requireNonNull(owner.stints.get(owner.store.partition(id)));
            List<Long> told = stint.told.getOrDefault(id, List.of());
            Samples restored = stint.restored.getOrDefault(id, Samples.empty());
            long last = told.isEmpty()
                    ? (restored.count() == 0 ? START - 1 : restored.time(restored.count() - 1))
                    : told.getLast();
            return all.count() > 0 && last == all.time(all.count() - 1);
        }
    }

    private void start() {
        for (String name : List.of("one", "two", "three")) {
            new Replica(name);
        }
        replicas.forEach(Replica::start);
        for (int round = 0; round < 3; round++) {
            replicas.forEach(Replica::pulse);
        }
    }

    private Replica owner(long id) {
        List<Replica> owners = replicas.stream()
                .filter(replica -> replica.ownership.owns(replica.store.partition(id)))
                .toList();
        assertThat(owners).hasSize(1);
        return owners.getFirst();
    }

    private long create(String instance) {
        return replicas.getFirst().store.findOrCreate(key(instance)).id();
    }

    private long createIn(int partition) {
        return IntStream.range(0, 100)
                .mapToLong(number -> create("i-" + number))
                .filter(id -> replicas.getFirst().store.partition(id) == partition)
                .findFirst()
                .orElseThrow();
    }

    private static SeriesKey key(String instance) {
        return new SeriesKey("cpu", Labels.of(Map.of("instance", instance)));
    }

    private static Samples samples(long from, int count) {
        return new Samples(LongStream.range(START + from, START + from + count).toArray(), new double[count]);
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(5);
        }
    }
}
