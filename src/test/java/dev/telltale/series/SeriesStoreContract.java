package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.Database;
import dev.telltale.http.EntityTag;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every store of series keeps to, whatever log it stands on.
abstract class SeriesStoreContract implements OpenStore.Opening {

    static final long START = 1_700_000_000_000L;
    private static final int MOST_SERIES = 100;

    @TempDir
    private Path directory;

    private OpenStore open;

    @BeforeEach
    void open() {
        open = open(directory, new ChunkedSeriesStore.Limits(MOST_SERIES, 10_000, 1_000_000));
    }

    @AfterEach
    void close() {
        open.close();
    }

    ChunkedSeriesStore store() {
        return open.store();
    }

    Database database() {
        return open.database();
    }

    /// Ends the store and opens it again on what is on disk.
    void reopen() {
        close();
        open();
    }

    @Test
    void givesTheSameSeriesForTheSameIdentity() {
        Series first = store().findOrCreate(key("cpu", Map.of("host", "a")));
        Series same = store().findOrCreate(key("cpu", Map.of("host", "a")));
        Series other = store().findOrCreate(key("cpu", Map.of("host", "b")));
        assertThat(same).isEqualTo(first);
        assertThat(other.id()).isNotEqualTo(first.id());
        reopen();
        assertThat(store().find(key("cpu", Map.of("host", "a")))).contains(first);
        assertThat(store().named("cpu")).containsExactly(first, other);
    }

    @Test
    void keepsWhatIsSaidOfASeries() {
        long id = create("cpu");
        Series described =
                store().describe(id, series -> series.with(Optional.of("bytes"), Optional.of(Duration.ofMinutes(5))));
        reopen();
        assertThat(store().find(id)).contains(described);
        assertThat(described.unit()).contains("bytes");
        assertThat(described.interval()).contains(Duration.ofMinutes(5));
    }

    @Test
    void tellsTheTimeOfTheNewestSample() {
        long id = create("cpu");
        assertThat(store().newest(id)).isEmpty();
        assertThat(store().newest(id + 1)).isEmpty();
        append(id, 1_000, 1.0, 2_000, 2.0, 3_000, 3.0);
        assertThat(store().newest(id)).hasValue(START + 3_000);
        reopen();
        assertThat(store().newest(id)).hasValue(START + 3_000);
    }

    @Test
    void makesASeriesOnce() {
        Series made = store().create(key("cpu", Map.of())).orElseThrow();

        assertThat(store().create(key("cpu", Map.of()))).isEmpty();
        assertThat(store().findOrCreate(key("cpu", Map.of()))).isEqualTo(made);
    }

    @Test
    void saysWhichSeriesItMade() {
        Series present = store().findOrCreate(key("cpu", Map.of()));
        List<Series> made = new ArrayList<>();

        List<Series> all = store().findOrCreate(
                        List.of(key("memory", Map.of()), present.key(), key("memory", Map.of())), made::add);

        assertThat(made).extracting(Series::name).containsExactly("memory");
        assertThat(all).containsExactly(made.getFirst(), present, made.getFirst());
    }

    @Test
    void namesEachStateOfASeries() {
        long id = create("cpu");
        Set<EntityTag> tags = new HashSet<>(Set.of(store().tag(id)));

        append(id, 0, 1.0);
        assertThat(store().tag(id)).isEqualTo(store().tag(id)).isNotIn(tags);
        tags.add(store().tag(id));
        append(id, 0, 1.0);
        assertThat(store().tag(id)).as("unchanged samples").isIn(tags);
        append(id, 10, 2.0);
        assertThat(store().tag(id)).isNotIn(tags);
        tags.add(store().tag(id));
        upload(
                id,
                new Samples(LongStream.range(0, 5_000).map(i -> START + i).toArray(), new double[5_000]),
                OnConflict.REPLACE);
        assertThat(store().tag(id)).as("many samples").isNotIn(tags);
        tags.add(store().tag(id));
        store().describe(id, series -> series.with(Optional.of("bytes"), Optional.empty()));
        assertThat(store().tag(id)).isNotIn(tags);
    }

    @Test
    void leavesASeriesAsItIsWhereAConditionFails() {
        long id = create("cpu");
        RuntimeException refusal = new RuntimeException("refused");

        assertThatThrownBy(() -> store().delete(id, tag -> {
                    throw refusal;
                }))
                .isSameAs(refusal);
        assertThatThrownBy(() -> store().describe(id, series -> {
                    throw refusal;
                }))
                .isSameAs(refusal);
        assertThat(store().find(id)).isPresent();
    }

    @Test
    void listsSeriesInPagesByIdAndSelector() {
        List<Series> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(store().findOrCreate(key(i % 2 == 0 ? "even" : "odd", Map.of("n", "" + i))));
        }
        Selector odd = Selector.parse("odd");
        List<Series> page = store().select(odd, 0, 3);
        assertThat(page).containsExactly(all.get(1), all.get(3), all.get(5));
        assertThat(store().select(odd, page.getLast().id(), 3)).containsExactly(all.get(7), all.get(9));
    }

    @Test
    void readsARangeWithBothItsEnds() {
        long id = create("cpu");
        append(id, 0, 1.0, 10, 2.0, 20, 3.0);
        assertThat(store().read(id, START, START + 20)).isEqualTo(samples(0, 1.0, 10, 2.0, 20, 3.0));
        assertThat(store().read(id, START + 1, START + 19)).isEqualTo(samples(10, 2.0));
        assertThat(store().read(id, START + 21, Long.MAX_VALUE)).isEqualTo(Samples.empty());
    }

    @Test
    void theSameSampleAgainIsUnchanged() {
        long id = create("cpu");
        assertThat(append(id, 0, 1.0, 10, 2.0)).isEqualTo(new Acceptance(2, 0));
        assertThat(append(id, 0, 1.0, 10, 2.0, 20, 3.0)).isEqualTo(new Acceptance(1, 2));
        reopen();
        assertThat(append(id, 0, 1.0, 20, 3.0)).isEqualTo(new Acceptance(0, 2));
    }

    @Test
    void aContradictingBatchIsRefusedWhole() {
        long id = create("cpu");
        long other = create("memory");
        append(id, 0, 1.0, 10, 2.0);
        SampleBatch batch = new SampleBatch(
                new long[] {other, id, id}, new long[] {START, START + 20, START + 10}, new double[] {5, 3, 9});
        assertThatThrownBy(() -> store().append(batch, OnConflict.REFUSE))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(SeriesProblem.CONFLICTING_SAMPLE);
                    assertThat(problem.errors())
                            .extracting(ProblemError::pointer)
                            .containsExactly("/samples/2");
                });
        assertThat(all(id)).isEqualTo(samples(0, 1.0, 10, 2.0));
        assertThat(all(other)).isEqualTo(Samples.empty());
    }

    @Test
    void aReplacingBatchOverwrites() {
        long id = create("cpu");
        append(id, 0, 1.0, 10, 2.0);
        SampleBatch batch = new SampleBatch(new long[] {id, id}, new long[] {START + 10, START}, new double[] {9, 1});
        assertThat(store().append(batch, OnConflict.REPLACE)).isEqualTo(new Acceptance(1, 1));
        reopen();
        assertThat(all(id)).isEqualTo(samples(0, 1.0, 10, 9.0));
    }

    @Test
    void refusesATimeThatStandsTwiceInABatch() {
        long id = create("cpu");
        SampleBatch batch = new SampleBatch(new long[] {id, id}, new long[] {START, START}, new double[] {1, 1});
        assertThatThrownBy(() -> store().append(batch, OnConflict.REPLACE))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.DUPLICATE_TIME));
    }

    @Test
    void aLargeUploadMergesWithWhatIsThere() {
        long id = create("cpu");
        TreeMap<Long, Double> expected = new TreeMap<>();
        long[] times = new long[5_000];
        double[] values = new double[5_000];
        for (int i = 0; i < times.length; i++) {
            times[i] = START + 20L * i;
            values[i] = Math.sin(i);
            expected.put(times[i], values[i]);
        }
        append(id, 15, 15.5, 40, Math.sin(2), 200_000, 7.0);
        expected.put(START + 15, 15.5);
        expected.put(START + 200_000, 7.0);
        assertThat(upload(id, new Samples(times, values), OnConflict.REFUSE)).isEqualTo(new Acceptance(4_999, 1));
        assertThat(asMap(all(id))).isEqualTo(expected);
        double[] changed = values.clone();
        changed[4_321] = -1;
        assertThatThrownBy(() -> upload(id, new Samples(times, changed), OnConflict.REFUSE))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.errors())
                                .extracting(ProblemError::pointer)
                                .containsExactly("/samples/4321/timestamp"));
        assertThat(upload(id, new Samples(times, changed), OnConflict.REPLACE)).isEqualTo(new Acceptance(1, 4_999));
        expected.put(times[4_321], -1.0);
        reopen();
        assertThat(asMap(all(id))).isEqualTo(expected);
    }

    @Test
    void scansInPagesWhatAReadGivesAtOnce() {
        long id = create("cpu");
        long[] times = new long[30_000];
        double[] values = new double[30_000];
        for (int i = 0; i < times.length; i++) {
            times[i] = START + 10L * i;
            values[i] = i;
        }
        upload(id, new Samples(times, values), OnConflict.REFUSE);
        append(id, 5, 0.5, 150_005, 0.25, 400_000, 1.0);
        List<Samples> pages = new ArrayList<>();
        store().scan(id, START + 1, START + 399_999, pages::add);
        assertThat(pages).hasSizeGreaterThan(2);
        assertThat(SampleMerge.concat(pages)).isEqualTo(store().read(id, START + 1, START + 399_999));
        assertThat(SampleMerge.concat(pages).count()).isEqualTo(30_001);
    }

    @Test
    void scansNoFurtherThanIsWanted() {
        long id = create("cpu");
        long[] times = LongStream.range(0, 30_000).map(i -> START + i).toArray();
        upload(id, new Samples(times, new double[times.length]), OnConflict.REFUSE);
        List<Samples> pages = new ArrayList<>();
        store().scanWhile(id, START, Long.MAX_VALUE, page -> {
            pages.add(page);
            return pages.size() < 2;
        });
        assertThat(pages).hasSize(2);
        assertThat(SampleMerge.concat(pages).count()).isLessThan(times.length);
    }

    @Test
    void forgetsOnlyWhatIsOlderThanAnAgeBehindTheNewest() {
        long id = create("cpu");
        long other = create("memory");
        long[] times = LongStream.range(0, 10_000).map(i -> START + 10 * i).toArray();
        upload(id, new Samples(times, new double[times.length]), OnConflict.REFUSE);
        append(other, 0, 1.0, 10, 2.0);
        append(id, 120_000, 1.0);
        Samples before = all(id);

        EntityTag tag = store().tag(id);
        long forgotten = store().expire(Duration.ofSeconds(50));

        long border = START + 70_000;
        assertThat(forgotten).isBetween(6_000L, 7_000L);
        assertThat(store().tag(id)).isNotEqualTo(tag);
        assertThat(all(id).count()).isEqualTo(before.count() - forgotten);
        assertThat(store().read(id, border, Long.MAX_VALUE))
                .isEqualTo(SampleMerge.within(before, border, Long.MAX_VALUE));
        assertThat(all(other)).as("its own newest counts").isEqualTo(samples(0, 1.0, 10, 2.0));
        assertThat(store().expire(Duration.ofSeconds(50))).isZero();
        Samples after = all(id);
        reopen();
        assertThat(all(id)).isEqualTo(after);
    }

    @Test
    void takesOldSamplesAgainAfterItForgotThem() {
        long id = create("cpu");
        long[] times = LongStream.range(0, 5_000).map(i -> START + 10 * i).toArray();
        upload(id, new Samples(times, new double[times.length]), OnConflict.REFUSE);
        store().expire(Duration.ofMillis(100));

        assertThat(append(id, 0, 7.0)).isEqualTo(new Acceptance(1, 0));
        assertThat(store().read(id, START, START)).isEqualTo(samples(0, 7.0));
    }

    @Test
    void whatWasDeletedDoesNotComeBack() {
        long id = create("cpu");
        append(id, 0, 1.0);
        assertThat(store().delete(id)).isTrue();
        assertThat(store().delete(id)).isFalse();
        assertThat(store().find(id)).isEmpty();
        assertThatThrownBy(() -> append(id, 10, 1.0)).hasMessageContaining("" + id);
        long again = create("cpu");
        reopen();
        assertThat(again).isGreaterThan(id);
        assertThat(store().find(id)).isEmpty();
        assertThat(all(again)).isEqualTo(Samples.empty());
        assertThatThrownBy(() -> all(id))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.SERIES_NOT_FOUND));
    }

    @Test
    void leavesOutOnlyWhatContradicts() {
        long id = create("cpu");
        append(id, 0, 1.0, 10, 2.0);
        SampleBatch batch = new SampleBatch(
                new long[] {id, id, id}, new long[] {START + 20, START + 10, START}, new double[] {3, 9, 1});

        Kept kept = store().appendConsistent(batch);

        assertThat(kept.acceptance()).isEqualTo(new Acceptance(1, 1));
        assertThat(kept.contradicting().stream()).containsExactly(1);
        assertThat(kept.conflicts().count()).isEqualTo(1);
        reopen();
        assertThat(all(id)).isEqualTo(samples(0, 1.0, 10, 2.0, 20, 3.0));
    }

    @Test
    void storesWhatBelongsToABatchWithItOrNeither() {
        long id = create("cpu");
        SampleBatch first = SampleBatch.of(id, samples(0, 1.0));
        SampleBatch second = SampleBatch.of(id, samples(10, 2.0));

        store().append(first, OnConflict.REFUSE, connection -> annotate(connection, id));
        store().append(first, OnConflict.REFUSE, connection -> annotate(connection, id));
        assertThatThrownBy(() -> store().append(second, OnConflict.REFUSE, connection -> {
                    annotate(connection, id);
                    throw new IllegalArgumentException("on purpose");
                }))
                .hasMessage("on purpose");

        assertThat(rows("annotation"))
                .as("once with the samples, once without any news")
                .isEqualTo(2);
        assertThat(all(id)).isEqualTo(samples(0, 1.0));
        reopen();
        assertThat(all(id)).isEqualTo(samples(0, 1.0));
    }

    @Test
    void readsTheSameFromHeadsAndFromChunks() {
        long id = create("cpu");
        append(id, 0, 1.0, 10, 2.0);
        store().compact();
        append(id, 5, 1.5, 20, 3.0);
        Samples before = all(id);
        store().compact();
        assertThat(all(id)).isEqualTo(before).isEqualTo(samples(0, 1.0, 5, 1.5, 10, 2.0, 20, 3.0));
        assertThat(rows("chunk")).isEqualTo(1);
        reopen();
        assertThat(all(id)).isEqualTo(before);
    }

    @Test
    void aLateSampleRewritesOnlyTheChunkItFallsInto() {
        long id = create("cpu");
        long[] times =
                LongStream.range(0, 4 * Chunk.FULL).map(i -> START + 10 * i).toArray();
        upload(id, new Samples(times, new double[times.length]), OnConflict.REFUSE);
        List<Long> before = chunkIds();
        append(id, 10 * 700 + 1, 7.0);
        store().compact();
        assertThat(chunkIds()).hasSize(5).contains(before.get(0), before.get(2), before.get(3));
        assertThat(store().read(id, START + 7_001, START + 7_001)).isEqualTo(samples(7_001, 7.0));
    }

    @Test
    void fullHeadsMoveToChunksInTheBackground() throws Exception {
        long id = create("cpu");
        for (int i = 0; i < 3 * Chunk.FULL; i++) {
            append(id, 10 * i, i);
        }
        while (rows("chunk") == 0) {
            Thread.sleep(10);
        }
        assertThat(all(id).count()).isEqualTo(3 * Chunk.FULL);
    }

    @Test
    void aValueThatWasReplacedInChunksDoesNotComeBackFromTheLog() {
        long id = create("cpu");
        long other = create("memory");
        store().append(
                        new SampleBatch(new long[] {id, other}, new long[] {START, START}, new double[] {1, 1}),
                        OnConflict.REFUSE);
        long[] times = LongStream.range(0, 5_000).map(i -> START + i).toArray();
        double[] values = new double[times.length];
        Arrays.fill(values, 2);
        upload(id, new Samples(times, values), OnConflict.REPLACE);
        assertThat(rows("journal")).as("the other series still needs its row").isPositive();
        reopen();
        assertThat(store().read(id, START, START)).isEqualTo(samples(0, 2.0));
        assertThat(store().read(other, START, START)).isEqualTo(samples(0, 1.0));
    }

    @Test
    void tellsOfADamagedChunkInsteadOfServingIt() {
        long id = create("cpu");
        append(id, 0, 1.0, 10, 2.0);
        store().compact();
        damageChunks();
        assertThatThrownBy(() -> all(id))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.DAMAGED_SAMPLES));
    }

    @Test
    void goesOnBehindADamagedChunk() {
        long id = create("cpu");
        append(id, 0, 1.0);
        store().compact();
        damageChunks();
        append(id, 10, 2.0);
        store().compact();
        assertThat(rows("chunk")).isEqualTo(2);
        assertThat(store().read(id, START + 10, START + 10)).isEqualTo(samples(10, 2.0));
    }

    @Test
    void refusesMoreSeriesThanTheLimit() {
        for (int i = 0; i < MOST_SERIES; i++) {
            create("cpu_" + i);
        }
        assertThatThrownBy(() -> create("one_more"))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.SERIES_LIMIT));
        assertThat(create("cpu_7")).isPositive();
    }

    @Test
    void ofManyWhoMakeTheSameSeriesAtOnceOneDoes() throws Exception {
        List<SeriesKey> keys = List.of(key("cpu", Map.of()), key("memory", Map.of()));
        Queue<Series> made = new ConcurrentLinkedQueue<>();
        List<Future<List<Series>>> found = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                found.add(callers.submit(() -> store().findOrCreate(keys, made::add)));
            }
        }
        assertThat(made).hasSize(2);
        for (Future<List<Series>> series : found) {
            assertThat(series.get()).containsExactlyInAnyOrderElementsOf(made);
        }
    }

    @Test
    void keepsASeriesThatSomebodyUses() {
        long bare = create("bare");
        long written = create("written");
        append(written, 0, 1.0);
        long described = create("described");
        store().describe(described, series -> series.with(Optional.of("bytes"), Optional.empty()));
        long annotated = create("annotated");
        database().write(connection -> annotate(connection, annotated));

        assertThat(store().deleteIfUnused(bare)).isTrue();
        assertThat(store().deleteIfUnused(written)).isFalse();
        assertThat(store().deleteIfUnused(described)).isFalse();
        assertThat(store().deleteIfUnused(annotated)).isFalse();
        reopen();
        assertThat(store().select(Selector.all(), 0, 10))
                .extracting(Series::id)
                .containsExactly(written, described, annotated);
    }

    long create(String name) {
        return store().findOrCreate(key(name, Map.of())).id();
    }

    Samples all(long id) {
        return store().read(id, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /// Stores pairs of a time after `START` and a value.
    Acceptance append(long id, Number... timesAndValues) {
        return store().append(SampleBatch.of(id, samples(timesAndValues)), OnConflict.REFUSE);
    }

    /// Stores samples as an upload of one series does, many without passing through the journal.
    Acceptance upload(long id, Samples samples, OnConflict onConflict) {
        return store().append(ReadUpload.of(samples), new long[] {id}, onConflict)
                .total();
    }

    /// Rows of a table.
    long rows(String table) {
        return database().read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private List<Long> chunkIds() {
        return database().read(connection -> {
            List<Long> ids = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT id FROM chunk ORDER BY start")) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
            return ids;
        });
    }

    /// Changes a byte in each chunk.
    void damageChunks() {
        database().write(connection -> {
            Map<Long, byte[]> damaged = new TreeMap<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT id, samples FROM chunk")) {
                while (row.next()) {
                    byte[] samples = row.getBytes(2);
                    samples[8] ^= 0x55;
                    damaged.put(row.getLong(1), samples);
                }
            }
            try (PreparedStatement update = connection.prepareStatement("UPDATE chunk SET samples = ? WHERE id = ?")) {
                for (Map.Entry<Long, byte[]> chunk : damaged.entrySet()) {
                    update.setBytes(1, chunk.getValue());
                    update.setLong(2, chunk.getKey());
                    update.executeUpdate();
                }
            }
            return damaged.size();
        });
    }

    private static int annotate(Connection connection, long id) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO annotation"
                        + " (series, label_set, start, finish, verdict, source) VALUES (?, 'default', ?, ?, 'normal', 'user')")) {
            insert.setLong(1, id);
            insert.setLong(2, START);
            insert.setLong(3, START);
            return insert.executeUpdate();
        }
    }

    static SeriesKey key(String name, Map<String, String> labels) {
        return new SeriesKey(name, Labels.of(labels));
    }

    static Samples samples(Number... timesAndValues) {
        long[] times = new long[timesAndValues.length / 2];
        double[] values = new double[times.length];
        for (int i = 0; i < times.length; i++) {
            times[i] = START + timesAndValues[2 * i].longValue();
            values[i] = timesAndValues[2 * i + 1].doubleValue();
        }
        return new Samples(times, values);
    }

    static Map<Long, Double> asMap(Samples samples) {
        TreeMap<Long, Double> map = new TreeMap<>();
        for (int i = 0; i < samples.count(); i++) {
            map.put(samples.time(i), samples.value(i));
        }
        return map;
    }
}
