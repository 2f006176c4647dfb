package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.problem.Problem;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteSeriesStoreTest extends SeriesStoreContract {

    @TempDir
    Path directory;

    private DataDirectory held;
    private SqliteDatabase database;
    private SqliteSeriesStore store;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
        store = SqliteSeriesStore.open(database, new SqliteSeriesStore.Limits(100, 10_000, 1_000_000));
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
        held.close();
    }

    @Override
    SqliteSeriesStore store() {
        return store;
    }

    @Override
    void reopen() {
        close();
        open();
    }

    @Test
    void readsTheSameFromHeadsAndFromChunks() {
        long id = create("cpu");
        append(id, 0, 1.0, 10, 2.0);
        store.compact();
        append(id, 5, 1.5, 20, 3.0);
        Samples before = all(id);
        store.compact();
        assertThat(all(id)).isEqualTo(before).isEqualTo(samples(0, 1.0, 5, 1.5, 10, 2.0, 20, 3.0));
        assertThat(rows("journal")).isZero();
        assertThat(rows("chunk")).isEqualTo(1);
    }

    @Test
    void aLateSampleRewritesOnlyTheChunkItFallsInto() {
        long id = create("cpu");
        long[] times = new long[4 * Chunk.FULL];
        for (int i = 0; i < times.length; i++) {
            times[i] = START + 10L * i;
        }
        upload(id, new Samples(times, new double[times.length]), OnConflict.REFUSE);
        List<Long> before = chunkIds();
        append(id, 10 * 700 + 1, 7.0);
        store.compact();
        assertThat(chunkIds()).hasSize(5).contains(before.get(0), before.get(2), before.get(3));
        assertThat(store.read(id, START + 7_001, START + 7_001)).isEqualTo(samples(7_001, 7.0));
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
    void aValueThatWasReplacedInChunksDoesNotComeBackFromTheJournal() {
        long id = create("cpu");
        long other = create("memory");
        store.append(
                new SampleBatch(new long[] {id, other}, new long[] {START, START}, new double[] {1, 1}),
                OnConflict.REFUSE);
        long[] times = new long[5_000];
        double[] values = new double[5_000];
        for (int i = 0; i < times.length; i++) {
            times[i] = START + i;
            values[i] = 2;
        }
        upload(id, new Samples(times, values), OnConflict.REPLACE);
        assertThat(rows("journal")).as("the other series still needs its row").isEqualTo(1);
        reopen();
        assertThat(store.read(id, START, START)).isEqualTo(samples(0, 2.0));
        assertThat(store.read(other, START, START)).isEqualTo(samples(0, 1.0));
    }

    @Test
    void tellsOfADamagedChunkInsteadOfServingIt() {
        long id = create("cpu");
        append(id, 0, 1.0, 10, 2.0);
        store.compact();
        damageChunks();
        assertThatThrownBy(() -> all(id))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.DAMAGED_SAMPLES));
    }

    @Test
    void goesOnBehindADamagedChunk() {
        long id = create("cpu");
        append(id, 0, 1.0);
        store.compact();
        damageChunks();
        append(id, 10, 2.0);
        store.compact();
        assertThat(rows("journal")).isZero();
        assertThat(store.read(id, START + 10, START + 10)).isEqualTo(samples(10, 2.0));
    }

    @Test
    void doesNotStartOnADamagedJournal() {
        append(create("cpu"), 0, 1.0);
        database.write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate("UPDATE journal SET samples = x'0100'");
            }
        });
        assertThatThrownBy(this::reopen).hasMessageContaining("Row 1 of the journal in the data directory is damaged");
    }

    @Test
    void refusesMoreSeriesThanTheLimit() {
        for (int i = 0; i < 100; i++) {
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
                found.add(callers.submit(() -> store.findOrCreate(keys, made::add)));
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
        store.describe(described, series -> series.with(Optional.of("bytes"), Optional.empty()));
        long annotated = create("annotated");
        new TableAnnotationStore(database)
                .add(
                        annotated,
                        new Annotation(
                                0,
                                START,
                                START,
                                Annotation.Verdict.NORMAL,
                                "default",
                                Annotation.Source.USER,
                                Optional.empty()));

        assertThat(store.deleteIfUnused(bare)).isTrue();
        assertThat(store.deleteIfUnused(written)).isFalse();
        assertThat(store.deleteIfUnused(described)).isFalse();
        assertThat(store.deleteIfUnused(annotated)).isFalse();
        reopen();
        assertThat(store.select(Selector.all(), 0, 10))
                .extracting(Series::id)
                .containsExactly(written, described, annotated);
    }

    private void damageChunks() {
        database.write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate("UPDATE chunk SET samples = CAST(substr(samples, 1, 8) || x'ff'"
                        + " || substr(samples, 10) AS BLOB)");
            }
        });
    }

    private long rows(String table) {
        return database.read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
                return row.getLong(1);
            }
        });
    }

    private List<Long> chunkIds() {
        return database.read(connection -> {
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
}
