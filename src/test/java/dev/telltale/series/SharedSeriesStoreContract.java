package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DatabaseProblem;
import dev.telltale.http.EntityTag;
import dev.telltale.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What two stores on one database keep to: they are two windows on the same series.
///
/// The random steps are `-Dshared.steps`, 600 by default.
abstract class SharedSeriesStoreContract {

    private static final long START = 1_700_000_000_000L;
    private static final int STEPS = Integer.getInteger("shared.steps", 600);
    private static final ChunkedSeriesStore.Limits LIMITS = new ChunkedSeriesStore.Limits(200, 3_000, 20_000);

    @TempDir
    private Path directory;

    private OpenStore one;
    private OpenStore other;

    @BeforeEach
    void open() throws Exception {
        one = open(Files.createDirectory(directory.resolve("one")), LIMITS);
        other = open(Files.createDirectory(directory.resolve("other")), LIMITS);
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    /// A store on the database of the test.
    ///
    /// @param place for what belongs to the process alone
    abstract OpenStore open(Path place, ChunkedSeriesStore.Limits limits);

    /// A connection of somebody who may do everything with the database.
    abstract Connection admin() throws SQLException;

    /// Cuts all connections of the stores.
    abstract void cutConnections() throws SQLException;

    @Test
    void eachReadsWhatTheOtherHasStored() {
        long id = create(one.store(), "cpu");

        append(one, id, 0, 1.0);
        assertThat(all(other, id)).isEqualTo(samples(0, 1.0));
        append(other, id, 10, 2.0);
        assertThat(all(one, id)).isEqualTo(samples(0, 1.0, 10, 2.0));
        assertThat(one.store().newest(id)).hasValue(START + 10);
        one.store().compact();
        assertThat(all(other, id)).isEqualTo(samples(0, 1.0, 10, 2.0));
        other.store().append(SampleBatch.of(id, samples(0, 5.0)), OnConflict.REPLACE);
        other.store().compact();
        assertThat(all(one, id)).isEqualTo(samples(0, 5.0, 10, 2.0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void behavesAsSortedMapsDoWhicheverIsAsked(int seed) {
        Random random = new Random(seed);
        Map<Long, NavigableMap<Long, Double>> model = new TreeMap<>();
        int made = 0;
        for (int step = 0; step < STEPS; step++) {
            if (model.size() < 5) {
                model.put(create(any(random).store(), "series_" + made++), new TreeMap<>());
            }
            long id = List.copyOf(model.keySet()).get(random.nextInt(model.size()));
            NavigableMap<Long, Double> expected = Objects.requireNonNull(model.get(id));
            OpenStore acting = any(random);
            switch (random.nextInt(24)) {
                case 0 -> acting.store().compact();
                case 1 -> expire(acting, model);
                case 2 -> {
                    assertThat(acting.store().delete(id)).isTrue();
                    model.remove(id);
                    assertGone(any(random), id, USES.get(random.nextInt(USES.size())));
                    continue;
                }
                case 3 -> upload(acting, id, expected, random, 2_100 + random.nextInt(1_000));
                case 4, 5 -> upload(acting, id, expected, random, 1 + random.nextInt(300));
                default -> replace(acting, id, expected, random);
            }
            OpenStore asked = any(random);
            if (random.nextInt(8) == 0) {
                long from = anyTime(expected, random);
                long to = from + random.nextInt(3_000);
                assertThat(asked.store().read(id, from, to))
                        .as("step %d", step)
                        .isEqualTo(toSamples(expected.subMap(from, true, to, true)));
            } else {
                assertThat(all(asked, id)).as("step %d", step).isEqualTo(toSamples(expected));
            }
            tag(id);
        }
    }

    @Test
    void ofTwoWhoContradictEachOtherAtOnceOneIsRefused() throws Exception {
        long id = create(one.store(), "cpu");
        for (int round = 0; round < 40; round++) {
            Samples mine = samples(round, 1.0);
            Samples yours = samples(round, 2.0);
            List<Boolean> accepted = atOnce(() -> isAccepted(one, id, mine), () -> isAccepted(other, id, yours));

            assertThat(accepted).containsExactlyInAnyOrder(true, false);
            Samples stored = accepted.getFirst() ? mine : yours;
            assertThat(one.store().read(id, START + round, START + round)).isEqualTo(stored);
            assertThat(other.store().read(id, START + round, START + round)).isEqualTo(stored);
        }
    }

    @Test
    void writersOfSeveralPartitionsInAnyOrderNeverWaitForEachOtherForEver() throws Exception {
        List<Long> ids = IntStream.range(0, 12)
                .mapToObj(number -> create(one.store(), "cpu", Map.of("instance", "i-" + number)))
                .toList();
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int writer = 0; writer < 6; writer++) {
            OpenStore store = writer % 2 == 0 ? one : other;
            int number = writer;
            writers.add(() -> {
                for (int i = 0; i < 30; i++) {
                    long time = START + 10L * i + number;
                    store.store()
                            .append(
                                    new SampleBatch(
                                            ids.stream()
                                                    .mapToLong(Long::longValue)
                                                    .toArray(),
                                            LongStream.generate(() -> time)
                                                    .limit(ids.size())
                                                    .toArray(),
                                            new double[ids.size()]),
                                    OnConflict.REFUSE);
                }
                return 30;
            });
        }
        assertThat(atOnce(writers)).containsOnly(30);
        for (long id : ids) {
            assertThat(all(one, id).count()).isEqualTo(180);
            assertThat(all(other, id)).isEqualTo(all(one, id));
        }
    }

    @Test
    void namesTheStateOfASeriesAlike() {
        long id = create(one.store(), "cpu");
        List<EntityTag> tags = new ArrayList<>();
        List<Runnable> changes = List.of(
                () -> append(one, id, 0, 1.0),
                () -> append(other, id, 10, 2.0),
                () -> one.store().compact(),
                () -> append(one, id, 20, 2.0),
                () -> one.store().describe(id, series -> series.with(Optional.of("µs"), Optional.empty())),
                () -> other.store()
                        .describe(id, series -> series.with(series.unit(), Optional.of(Duration.ofMillis(1)))),
                () -> upload(other, id, new TreeMap<>(), new Random(1), 3_000),
                () -> other.store().expire(Duration.ofMillis(1)));
        for (Runnable change : changes) {
            change.run();
            EntityTag tag = tag(id);
            assertThat(tag).isNotIn(tags);
            tags.add(tag);
        }
        EntityTag last = tag(id);
        assertThat(one.store().find(id).orElseThrow().unit()).contains("µs");
        assertThat(one.store().find(id)).isEqualTo(other.store().find(id));
        one.close();
        one = open(directory.resolve("one"), LIMITS);
        assertThat(one.store().tag(id)).as("after a start").isEqualTo(last);
    }

    @Test
    void aConditionHoldsAgainstWhatTheOtherWrites() {
        long id = create(one.store(), "cpu");
        append(one, id, 0, 1.0);
        EntityTag seen = one.store().tag(id);
        append(other, id, 10, 1.0);

        assertThatThrownBy(() -> one.store().delete(id, tag -> {
                    if (!tag.equals(seen)) {
                        throw new IllegalArgumentException("changed meanwhile");
                    }
                }))
                .hasMessage("changed meanwhile");
        assertThat(all(other, id).count()).isEqualTo(2);
    }

    @Test
    void makesASeriesOnceWhoeverAsks() throws Exception {
        for (int round = 0; round < 20; round++) {
            String name = "series_" + round;
            List<Long> ids = atOnce(() -> create(one.store(), name), () -> create(other.store(), name));
            assertThat(ids.getFirst()).isEqualTo(ids.getLast());
        }
        assertThat(one.store().select(Selector.all(), 0, 100))
                .isEqualTo(other.store().select(Selector.all(), 0, 100))
                .hasSize(20);
    }

    @Test
    void keepsToTheLimitOfSeriesTogether() throws Exception {
        List<SeriesKey> keys = IntStream.range(0, 150)
                .mapToObj(number -> new SeriesKey("series_" + number, Labels.NONE))
                .toList();
        List<SeriesKey> otherKeys = IntStream.range(100, 250)
                .mapToObj(number -> new SeriesKey("series_" + number, Labels.NONE))
                .toList();
        atOnce(
                () -> one.store().findOrCreateThatFit(keys).size(),
                () -> other.store().findOrCreateThatFit(otherKeys).size());
        assertThat(one.store().select(Selector.all(), 0, 1_000)).hasSize(200);
        assertThat(one.store().find(new SeriesKey("series_120", Labels.NONE)))
                .isPresent()
                .isEqualTo(other.store().find(new SeriesKey("series_120", Labels.NONE)));
    }

    @Test
    void storesNothingInASeriesThatTheOtherDeleted() {
        long before = 0;
        for (BiConsumer<OpenStore, Long> use : USES) {
            long id = create(other.store(), "cpu");
            assertThat(id).isGreaterThan(before);
            assertThat(all(one, id)).isEqualTo(Samples.empty());
            append(other, id, 0, 1.0);
            assertThat(one.store().delete(id)).isTrue();
            assertGone(other, id, use);
            before = id;
        }
    }

    @Test
    void makesItsHeadsAnewWhereRowsAreGoneThatItHasNotRead() throws Exception {
        long id = create(one.store(), "cpu");
        long deleted = create(one.store(), "memory");
        append(other, id, 0, 1.0);
        append(other, deleted, 0, 1.0);
        other.close();
        append(one, id, 10, 2.0);
        one.store().compact();
        one.store().delete(deleted);
        append(one, id, 20, 3.0);
        other = open(directory.resolve("other"), LIMITS);
        assertThat(all(other, id)).isEqualTo(samples(0, 1.0, 10, 2.0, 20, 3.0));
        assertGone(other, deleted, SharedSeriesStoreContract::all);
    }

    @Test
    void readsGoOnWhileSomebodyWrites() throws Exception {
        long id = create(one.store(), "cpu");
        append(one, id, 0, 1.0);
        CountDownLatch goesOn = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writer = writer(threads, id, samples(10, 2.0), goesOn);
            Future<Acceptance> waiting = threads.submit(() -> append(other, id, 10, 2.0));
            assertThat(all(one, id)).isEqualTo(samples(0, 1.0));
            assertThat(all(other, id)).isEqualTo(samples(0, 1.0));
            assertThat(waiting.isDone()).isFalse();
            goesOn.countDown();
            writer.get();
            assertThat(waiting.get()).isEqualTo(new Acceptance(0, 1));
        }
    }

    @Test
    void whoDeletesASeriesThatIsWrittenToKeepsNobodyElseWaiting() throws Exception {
        long id = create(one.store(), "cpu");
        CountDownLatch goesOn = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writer = writer(threads, id, samples(0, 1.0), goesOn);
            Future<Boolean> deletion = threads.submit(() -> other.store().delete(id));
            awaitWaiting();
            assertThat(one.database().<Integer>write(connection -> 1)).isEqualTo(1);
            assertThat(other.database().<Integer>write(connection -> 1)).isEqualTo(1);
            assertThat(deletion.isDone()).isFalse();
            goesOn.countDown();
            writer.get();
            assertThat(deletion.get()).isTrue();
        }
    }

    /// Until somebody waits for a lock of the database.
    private void awaitWaiting() throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        try (Connection admin = admin();
                Statement select = admin.createStatement()) {
            boolean waits = false;
            while (!waits) {
                assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
                try (ResultSet row = select.executeQuery("SELECT count(*) FROM pg_stat_activity"
                        + " WHERE wait_event_type = 'Lock' AND datname = current_database()")) {
                    row.next();
                    waits = row.getInt(1) > 0;
                }
                Thread.sleep(5);
            }
        }
    }

    /// Takes as long as the server lets a transaction do nothing.
    @Test
    void aWriterThatStandsStillIsNotWaitedForForEver() throws Exception {
        long id = create(one.store(), "cpu");
        CountDownLatch goesOn = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> frozen = writer(threads, id, samples(0, 1.0), goesOn);
            assertThat(again(() -> append(other, id, 0, 2.0))).isEqualTo(new Acceptance(1, 0));
            goesOn.countDown();
            assertThatThrownBy(frozen::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.type()).isEqualTo(DatabaseProblem.STORE_UNAVAILABLE));
        }
        assertThat(again(() -> all(one, id))).isEqualTo(samples(0, 2.0));
        assertThat(all(other, id)).isEqualTo(samples(0, 2.0));
    }

    /// Somebody who is in the middle of a transaction, and stands still there.
    ///
    /// @param goesOn once he may end it
    private Future<?> writer(ExecutorService threads, long id, Samples samples, CountDownLatch goesOn)
            throws InterruptedException {
        CountDownLatch writes = new CountDownLatch(1);
        Future<?> writer =
                threads.submit(() -> one.store().append(SampleBatch.of(id, samples), OnConflict.REFUSE, connection -> {
                    writes.countDown();
                    return await(goesOn);
                }));
        writes.await();
        return writer;
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Where a transaction is when its connection is cut.
    enum Place {
        /// Before it has the partition.
        LOCK("LOCK TABLE store_partition IN EXCLUSIVE MODE"),
        /// Before its row is written.
        ROW("LOCK TABLE journal IN EXCLUSIVE MODE"),
        /// In the commit, which waits for what a trigger does.
        COMMIT("SELECT pg_advisory_lock(7)");

        private final String barrier;

        Place(String barrier) {
            this.barrier = barrier;
        }
    }

    @ParameterizedTest
    @EnumSource
    void loosesAndDoublesNothingWhereverItsConnectionIsCut(Place place) throws Exception {
        long id = create(one.store(), "cpu");
        append(one, id, 0, 1.0);
        assertThat(all(other, id).count()).isEqualTo(1);
        try (Connection admin = admin();
                Statement statement = admin.createStatement()) {
            statement.execute("CREATE FUNCTION wait_for_test() RETURNS trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN NULL; END'");
            statement.execute("CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED"
                    + " FOR EACH ROW EXECUTE FUNCTION wait_for_test()");
            admin.setAutoCommit(false);
            statement.execute(place.barrier);
            try (ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Acceptance> append = sender.submit(() -> append(one, id, 10, 2.0));
                try (Connection watch = admin();
                        Statement look = watch.createStatement()) {
                    while (!look.executeQuery("SELECT 1 FROM pg_locks WHERE NOT granted")
                            .next()) {
                        Thread.sleep(5);
                    }
                }
                cutConnections();
                assertThatThrownBy(append::get)
                        .cause()
                        .isInstanceOfSatisfying(
                                Problem.class,
                                problem -> assertThat(problem.type()).isEqualTo(DatabaseProblem.STORE_UNAVAILABLE));
            }
            statement.execute("SELECT pg_advisory_unlock_all()");
            admin.rollback();
        }
        assertThat(again(() -> all(other, id))).isEqualTo(samples(0, 1.0));
        assertThat(again(() -> append(one, id, 10, 2.0))).isEqualTo(new Acceptance(1, 0));
        assertThat(all(other, id)).isEqualTo(samples(0, 1.0, 10, 2.0));
        assertThat(all(one, id)).isEqualTo(samples(0, 1.0, 10, 2.0));
    }

    @Test
    void keepsWhatItAcknowledgedWhileConnectionsAreCutAgainAndAgain() throws Exception {
        List<Long> ids = IntStream.range(0, 4)
                .mapToObj(number -> create(one.store(), "cpu", Map.of("instance", "i-" + number)))
                .toList();
        AtomicBoolean enough = new AtomicBoolean();
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int writer = 0; writer < ids.size(); writer++) {
            OpenStore store = writer % 2 == 0 ? one : other;
            long id = ids.get(writer);
            writers.add(() -> {
                int sent = 0;
                while (!enough.get()) {
                    int time = sent++;
                    again(() -> append(store, id, time, time));
                    if (sent % 50 == 0) {
                        again(Executors.callable(store.store()::compact));
                    }
                }
                return sent;
            });
        }
        writers.add(() -> {
            for (int i = 0; i < 15; i++) {
                Thread.sleep(100);
                cutConnections();
            }
            enough.set(true);
            return 0;
        });
        List<Integer> sent = atOnce(writers);
        for (int writer = 0; writer < ids.size(); writer++) {
            long id = ids.get(writer);
            Samples stored = again(() -> all(one, id));
            assertThat(stored.count()).isEqualTo(sent.get(writer)).isPositive();
            assertThat(again(() -> all(other, id))).isEqualTo(stored);
            for (int i = 0; i < stored.count(); i++) {
                assertThat(stored.value(i)).isEqualTo(i);
            }
        }
    }

    /// Ways to use a series.
    private static final List<BiConsumer<OpenStore, Long>> USES = List.of(
            SharedSeriesStoreContract::all,
            (store, id) -> append(store, id, 1, 1.0),
            (store, id) -> upload(store, id, new TreeMap<>(), new Random(1), 3_000),
            (store, id) -> store.store().tag(id),
            (store, id) -> store.store().describe(id, series -> series));

    private static void assertGone(OpenStore store, long id, BiConsumer<OpenStore, Long> use) {
        assertThatThrownBy(() -> use.accept(store, id))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.SERIES_NOT_FOUND));
        assertThat(store.store().delete(id)).isFalse();
        assertThat(store.store().newest(id)).isEmpty();
    }

    private void replace(OpenStore store, long id, NavigableMap<Long, Double> model, Random random) {
        NavigableMap<Long, Double> rows = new TreeMap<>();
        int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 1_000 : 30);
        for (int i = 0; i < count; i++) {
            rows.put(anyTime(model, random), (double) random.nextInt(3));
        }
        boolean replaces = random.nextBoolean();
        boolean conflicts = rows.entrySet().stream()
                .anyMatch(row ->
                        model.containsKey(row.getKey()) && !Objects.equals(model.get(row.getKey()), row.getValue()));
        SampleBatch batch = SampleBatch.of(id, toSamples(rows));
        if (conflicts && !replaces) {
            assertThatThrownBy(() -> store.store().append(batch, OnConflict.REFUSE))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.CONFLICTING_SAMPLE));
            return;
        }
        store.store().append(batch, replaces ? OnConflict.REPLACE : OnConflict.REFUSE);
        model.putAll(rows);
    }

    private static void upload(OpenStore store, long id, NavigableMap<Long, Double> model, Random random, int count) {
        NavigableMap<Long, Double> rows = new TreeMap<>();
        long time = anyTime(model, random);
        for (int i = 0; i < count; i++) {
            time += 1 + random.nextInt(5);
            rows.put(time, (double) random.nextInt(3));
        }
        store.store().append(ReadUpload.of(toSamples(rows)), new long[] {id}, OnConflict.REPLACE);
        model.putAll(rows);
    }

    /// What goes lies behind the border; some of that may stay.
    private void expire(OpenStore store, Map<Long, NavigableMap<Long, Double>> model) {
        long age = 4_000;
        store.store().expire(Duration.ofMillis(age));
        model.forEach((id, expected) -> {
            if (expected.isEmpty()) {
                return;
            }
            Samples left = all(one, id);
            assertThat(all(other, id)).isEqualTo(left);
            long border = expected.lastKey() - age;
            NavigableMap<Long, Double> kept = new TreeMap<>();
            for (int i = 0; i < left.count(); i++) {
                kept.put(left.time(i), left.value(i));
            }
            assertThat(kept.tailMap(border, true)).isEqualTo(expected.tailMap(border, true));
            assertThat(expected.entrySet()).containsAll(kept.entrySet());
            expected.keySet().retainAll(kept.keySet());
        });
    }

    /// The tag that both give a series. Samples that move to chunks meanwhile change it.
    private EntityTag tag(long id) {
        EntityTag here;
        EntityTag there;
        do {
            here = one.store().tag(id);
            there = other.store().tag(id);
        } while (!one.store().tag(id).equals(here));
        assertThat(there).isEqualTo(here);
        return here;
    }

    private OpenStore any(Random random) {
        return random.nextBoolean() ? one : other;
    }

    private static long anyTime(NavigableMap<Long, Double> samples, Random random) {
        long last = samples.isEmpty() ? START : samples.lastKey();
        long first = samples.isEmpty() ? START : samples.firstKey();
        return switch (random.nextInt(8)) {
            case 0 -> first + (long) ((last - first) * random.nextDouble());
            case 1 -> first - random.nextInt(100);
            default -> last + 1 + random.nextInt(2_000);
        };
    }

    /// Does this until the database answers.
    private static <T> T again(Callable<T> work) throws Exception {
        while (true) {
            try {
                return work.call();
            } catch (Problem problem) {
                if (problem.type() != DatabaseProblem.STORE_UNAVAILABLE
                        && problem.type() != DatabaseProblem.STORE_OVERLOADED) {
                    throw problem;
                }
                Thread.sleep(20);
            }
        }
    }

    private static <T> List<T> atOnce(Callable<T> mine, Callable<T> yours) throws Exception {
        return atOnce(List.of(mine, yours));
    }

    private static <T> List<T> atOnce(List<Callable<T>> all) throws Exception {
        CyclicBarrier start = new CyclicBarrier(all.size());
        List<Future<T>> results = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Callable<T> call : all) {
                results.add(callers.submit(() -> {
                    start.await();
                    return call.call();
                }));
            }
        }
        List<T> values = new ArrayList<>();
        for (Future<T> result : results) {
            values.add(result.get());
        }
        return values;
    }

    private static boolean isAccepted(OpenStore store, long id, Samples samples) {
        try {
            store.store().append(SampleBatch.of(id, samples), OnConflict.REFUSE);
            return true;
        } catch (Problem problem) {
            assertThat(problem.type()).isEqualTo(SeriesProblem.CONFLICTING_SAMPLE);
            return false;
        }
    }

    private static long create(SeriesStore store, String name) {
        return create(store, name, Map.of());
    }

    private static long create(SeriesStore store, String name, Map<String, String> labels) {
        return store.findOrCreate(new SeriesKey(name, Labels.of(labels))).id();
    }

    private static Samples all(OpenStore store, long id) {
        return store.store().read(id, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static Acceptance append(OpenStore store, long id, Number... timesAndValues) {
        return store.store().append(SampleBatch.of(id, samples(timesAndValues)), OnConflict.REFUSE);
    }

    private static Samples samples(Number... timesAndValues) {
        return SeriesStoreContract.samples(timesAndValues);
    }

    private static Samples toSamples(NavigableMap<Long, Double> map) {
        return new Samples(
                map.keySet().stream().mapToLong(Long::longValue).toArray(),
                map.values().stream().mapToDouble(Double::doubleValue).toArray());
    }
}
