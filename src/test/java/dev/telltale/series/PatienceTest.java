package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.DatabaseProblem;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.problem.Problem;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Senders of a store that has no time for them.
class PatienceTest {

    private static final long START = 1_700_000_000_000L;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(7);

    @TempDir
    private Path directory;

    private final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();
    private DataDirectory held;
    private SqliteDatabase database;
    private SqliteSeriesStore store;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
        store = SqliteSeriesStore.open(
                database,
                new ChunkedSeriesStore.Limits(100, 1, 1_000_000),
                new Patience(Duration.ofMillis(20), RETRY_AFTER));
    }

    @AfterEach
    void close() {
        others.close();
        store.close();
        database.close();
        held.close();
    }

    @Test
    void endsWhereOthersHoldASeriesAndLetsGoOfWhatItHeld() throws Exception {
        long first = create("first");
        long second = create("second");
        CountDownLatch isHeld = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        Future<?> holder = others.submit(() -> store.describe(second, series -> {
            isHeld.countDown();
            await(enough);
            return series;
        }));
        isHeld.await();
        try {
            SampleBatch both =
                    new SampleBatch(new long[] {first, second}, new long[] {START, START}, new double[] {1.0, 2.0});
            assertOverloaded(
                    () -> store.append(both, OnConflict.REFUSE), "the series with the id " + second + " for longer");
            assertOverloaded(() -> store.appendConsistent(both), "the series with the id " + second + " for longer");
            assertOverloaded(
                    () -> store.append(ReadUpload.of(large()), new long[] {second}, OnConflict.REFUSE),
                    "the series with the id " + second + " for longer");
            assertOverloaded(() -> store.describe(second, series -> series), "the series with the id " + second);
            assertOverloaded(() -> store.delete(second, tag -> {}), "the series with the id " + second);
            assertThat(store.deleteIfUnused(second)).as("one that is held").isFalse();
            assertThat(store.deleteIfFree(second)).as("one that is held").isFalse();
            Thread.currentThread().interrupt();
            assertOverloaded(() -> append(second, 1), "the series with the id " + second + " was broken off");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(all(first)).isEqualTo(samples(0));

            Future<Acceptance> other = others.submit(() -> append(first, 1));
            assertThat(other.get()).isEqualTo(new Acceptance(1, 0));
        } finally {
            enough.countDown();
        }
        holder.get();
        assertThat(append(second, 1)).isEqualTo(new Acceptance(1, 0));
        assertThat(store.deleteIfFree(second)).isTrue();
        assertThat(store.find(second)).isEmpty();
        assertThat(store.deleteIfFree(second)).as("one that is gone").isTrue();
    }

    @Test
    void endsWhereSamplesCannotBeMovedToDisk() {
        long full = create("full");
        long other = create("other");
        execute("CREATE TRIGGER no_room BEFORE INSERT ON chunk BEGIN SELECT raise(ABORT, 'no room'); END");
        append(full, 3);

        assertOverloaded(() -> append(other, 1), "3 samples are in memory");
        assertThat(all(other)).isEqualTo(samples(0));

        execute("DROP TRIGGER no_room");
        while (!isTaken(other)) {
            store.compact();
        }
        assertThat(all(full).count()).isEqualTo(3);
        assertThat(all(other).count()).isEqualTo(1);
    }

    @Test
    void anInterruptedThreadTakesASeriesThatIsFree() {
        long id = create("cpu");
        Thread.currentThread().interrupt();
        Acceptance acceptance = append(id, 1);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(acceptance).isEqualTo(new Acceptance(1, 0));
    }

    private static void assertOverloaded(ThrowingCallable sending, String detail) {
        assertThatThrownBy(sending).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.type()).isEqualTo(DatabaseProblem.STORE_OVERLOADED);
            assertThat(problem.detail()).contains(detail);
            assertThat(problem.retryAfter()).contains(RETRY_AFTER);
        });
    }

    private boolean isTaken(long id) {
        try {
            append(id, 1);
            return true;
        } catch (Problem overloaded) {
            return false;
        }
    }

    private Acceptance append(long id, int count) {
        return store.append(SampleBatch.of(id, samples(count)), OnConflict.REFUSE);
    }

    private static Samples large() {
        return samples(4 * Chunk.FULL);
    }

    private static Samples samples(int count) {
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            times[i] = START + i;
        }
        return new Samples(times, new double[count]);
    }

    private long create(String name) {
        return store.findOrCreate(new SeriesKey(name, Labels.of(Map.of()))).id();
    }

    private Samples all(long id) {
        return store.read(id, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private void execute(String sql) {
        database.write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this", e);
        }
    }
}
