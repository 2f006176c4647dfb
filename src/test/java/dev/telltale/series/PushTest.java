package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.DatabaseProblem;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.problem.Problem;
import dev.telltale.series.Pushed.Reason;
import dev.telltale.series.Pushed.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final long TIME = NOW.toEpochMilli();
    private static final SeriesKey CPU = key("cpu");
    private static final SeriesKey MEMORY = key("memory");
    private static final int MOST_SERIES = 10;

    @TempDir
    Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<SampleBatch> heard = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private DataDirectory held;
    private SqliteDatabase database;
    private SqliteSeriesStore store;
    private Intake intake;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
        store = SqliteSeriesStore.open(database, new ChunkedSeriesStore.Limits(MOST_SERIES, 10_000, 1_000_000));
        intake = intake(Optional.of(Duration.ofDays(90)));
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
        held.close();
    }

    @Test
    void makesTheSeriesAndStoresTheSamples() {
        Pushed pushed = push(CPU, TIME, 1.5, MEMORY, TIME, 2.5, CPU, TIME + 1, 3.5);

        assertThat(pushed).isEqualTo(new Pushed(3, 0, 0, 0, List.of()));
        assertThat(stored(CPU)).isEqualTo(Map.of(TIME, 1.5, TIME + 1, 3.5));
        assertThat(stored(MEMORY)).isEqualTo(Map.of(TIME, 2.5));
        assertThat(counted("telltale.samples", "outcome", "accepted")).isEqualTo(3);
    }

    @Test
    void tellsListenersExactlyOfWhatIsStored() {
        push(CPU, TIME, 1);
        push(CPU, TIME, 1, CPU, TIME + 1, 2, MEMORY, TIME, Double.NaN, CPU, TIME - 1, 3);
        push(CPU, TIME, 9, CPU, TIME + 2, 4);

        assertThat(heard.stream().map(PushTest::asText)).containsExactly("0=1.0", "-1=3.0 0=1.0 1=2.0", "2=4.0");
    }

    @Test
    void storesTheSameSamplesAgainWithoutAChange() {
        push(CPU, TIME, 1, MEMORY, TIME, 2);

        assertThat(push(CPU, TIME, 1, MEMORY, TIME, 2)).isEqualTo(new Pushed(0, 2, 0, 0, List.of()));
        assertThat(stored(CPU)).isEqualTo(Map.of(TIME, 1.0));
    }

    @Test
    void keepsTheStoredValueAndStoresTheOthers() {
        push(CPU, TIME, 1);

        Pushed pushed = push(MEMORY, TIME, 5, CPU, TIME, 2, CPU, TIME + 1, 3);

        assertThat(pushed.accepted()).isEqualTo(2);
        assertThat(pushed.refused()).hasSize(1).first().satisfies(refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
            assertThat(refused.samples()).isEqualTo(1);
            assertThat(refused.example()).startsWith("cpu: ").contains("1.0", "2.0", NOW.toString());
        });
        assertThat(stored(CPU)).isEqualTo(Map.of(TIME, 1.0, TIME + 1, 3.0));
        assertThat(stored(MEMORY)).isEqualTo(Map.of(TIME, 5.0));
        assertThat(counted("telltale.skipped.samples", "reason", "conflict")).isEqualTo(1);
        assertThat(counted("telltale.samples", "outcome", "rejected")).isEqualTo(1);
    }

    @Test
    void keepsTheFirstOfSamplesWithTheSameTime() {
        Pushed pushed = push(CPU, TIME + 5, 1, CPU, TIME, 2, CPU, TIME, 2, CPU, TIME, 3, CPU, TIME + 5, 4);

        assertThat(pushed.accepted()).isEqualTo(2);
        assertThat(pushed.unchanged()).isEqualTo(1);
        assertThat(pushed.refused())
                .containsExactly(new Refused(
                        Reason.CONFLICT, 2, "cpu at 2026-03-01T12:00:00Z came with 2.0 and again with 3.0"));
        assertThat(stored(CPU)).isEqualTo(Map.of(TIME, 2.0, TIME + 5, 1.0));
    }

    @Test
    void leavesOutWhatTelltaleSaysItself() {
        SeriesKey score = key("telltale_score");
        store.findOrCreate(score);
        PushedSamples samples = new PushedSamples();
        samples.add(samples.series(CPU), TIME, 1);
        samples.add(samples.series(score), TIME, 2);
        samples.add(samples.series(key("telltale_expected")), TIME, Double.NaN);
        samples.add(samples.series(key("telltale_lower")), 0, 3);
        samples.end(samples.series(score), TIME);

        assertThat(intake.push(samples)).isEqualTo(new Pushed(1, 0, 3, 0, List.of()));
        assertThat(stored(score)).isEmpty();
        assertThat(store.find(key("telltale_expected"))).isEmpty();
        assertThat(heard.stream().map(PushTest::asText)).containsExactly("0=1.0");
        assertThat(ends).isEmpty();
        assertThat(counted("telltale.skipped.samples", "reason", "own_series")).isEqualTo(3);
        assertThat(counted("telltale.samples", "outcome", "rejected")).isZero();
    }

    @Test
    void countsValuesThatAreNoneAndMakesNoSeriesForThem() {
        Pushed pushed = push(CPU, TIME, Double.NaN, CPU, TIME + 1, Double.POSITIVE_INFINITY, MEMORY, TIME, 1);

        assertThat(pushed).isEqualTo(new Pushed(1, 0, 0, 2, List.of()));
        assertThat(store.find(CPU)).isEmpty();
        assertThat(counted("telltale.skipped.samples", "reason", "non_finite")).isEqualTo(2);
        assertThat(counted("telltale.samples", "outcome", "rejected")).isZero();
    }

    @Test
    void refusesTimesThatAreTooOldOrInTheFuture() {
        long oldest = TIME - Duration.ofDays(90).toMillis();
        long latest = TIME + Duration.ofMinutes(10).toMillis();

        Pushed pushed = push(
                CPU,
                oldest,
                1,
                CPU,
                oldest - 1,
                2,
                CPU,
                latest,
                3,
                CPU,
                latest + 1,
                4,
                CPU,
                Long.MIN_VALUE,
                5,
                CPU,
                Long.MAX_VALUE,
                6);

        assertThat(stored(CPU)).isEqualTo(Map.of(oldest, 1.0, latest, 3.0));
        assertThat(pushed.refused())
                .containsExactly(
                        new Refused(
                                Reason.TOO_OLD,
                                2,
                                "cpu at 2025-12-01T11:59:59.999Z is older than 2025-12-01T12:00:00Z"),
                        new Refused(
                                Reason.IN_FUTURE,
                                2,
                                "cpu at 2026-03-01T12:10:00.001Z is later than 2026-03-01T12:10:00Z"));
        assertThat(counted("telltale.skipped.samples", "reason", "too_old")).isEqualTo(2);
        assertThat(counted("telltale.skipped.samples", "reason", "in_future")).isEqualTo(2);
    }

    @Test
    void takesOldSamplesWhereTheOperatorAllowsThem() {
        intake = intake(Optional.empty());

        Pushed pushed = push(CPU, Intake.EARLIEST, 1, CPU, Intake.EARLIEST - 1, 2);

        assertThat(stored(CPU)).isEqualTo(Map.of(Intake.EARLIEST, 1.0));
        assertThat(pushed.refused()).extracting(Refused::reason).containsExactly(Reason.TOO_OLD);
    }

    @Test
    void refusesSeriesAboveTheLimitAndStoresTheOthers() {
        push(CPU, TIME, 1);
        PushedSamples samples = new PushedSamples();
        for (int i = 0; i < MOST_SERIES + 2; i++) {
            int number = samples.series(key("disk", "number", "" + i));
            samples.add(number, TIME, i);
            samples.add(number, TIME + 1, i);
        }
        samples.add(samples.series(CPU), TIME + 1, 2);

        Pushed pushed = intake.push(samples);

        assertThat(pushed.accepted()).isEqualTo(2 * (MOST_SERIES - 1) + 1);
        assertThat(pushed.refused()).hasSize(1).first().satisfies(refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.SERIES_LIMIT);
            assertThat(refused.samples()).isEqualTo(6);
            assertThat(refused.example()).startsWith("disk{number=\"9\"} ").contains("telltale.store.series-limit");
        });
        assertThat(stored(CPU)).isEqualTo(Map.of(TIME, 1.0, TIME + 1, 2.0));
    }

    @Test
    void storesNegativeZeroAsZero() {
        push(CPU, TIME, -0.0);

        assertThat(stored(CPU).toString()).isEqualTo("{" + TIME + "=0.0}");
    }

    @Test
    void tellsListenersOfTheEndsOfSeriesThatAreThere() {
        PushedSamples samples = new PushedSamples();
        int cpu = samples.series(CPU);
        samples.add(cpu, TIME, 1);
        samples.end(cpu, TIME + 1);
        samples.end(samples.series(MEMORY), TIME + 1);

        assertThat(intake.push(samples)).isEqualTo(new Pushed(1, 0, 0, 0, List.of()));

        assertThat(ends).containsExactly(store.find(CPU).orElseThrow().id() + " at " + (TIME + 1));
        assertThat(store.find(MEMORY)).isEmpty();
    }

    @Test
    void storesNothingAndTellsNobodyWhereTheStoreFails() {
        push(CPU, TIME, 1);
        heard.clear();
        database.close();

        assertThatThrownBy(() -> push(CPU, TIME + 1, 2))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.type()).isEqualTo(DatabaseProblem.STORE_UNAVAILABLE));
        assertThat(heard).isEmpty();
    }

    @Test
    void takesNothing() {
        assertThat(intake.push(new PushedSamples())).isEqualTo(new Pushed(0, 0, 0, 0, List.of()));
        assertThat(heard).isEmpty();
    }

    @Test
    void becomesWhatOneSampleAtATimeWouldBecome() {
        Random random = new Random(5);
        Map<SeriesKey, TreeMap<Long, Double>> expected =
                new TreeMap<>((left, right) -> left.toString().compareTo(right.toString()));
        for (int round = 0; round < 200; round++) {
            PushedSamples samples = new PushedSamples();
            Map<String, Double> firsts = new HashMap<>();
            long accepted = 0;
            long unchanged = 0;
            long conflicts = 0;
            for (int i = random.nextInt(20); i > 0; i--) {
                SeriesKey key = key("s" + random.nextInt(3));
                long time = TIME - random.nextInt(60);
                double value = random.nextInt(2);
                samples.add(samples.series(key), time, value);
                Double first = firsts.putIfAbsent(key + " " + time, value);
                Double present =
                        expected.computeIfAbsent(key, absent -> new TreeMap<>()).putIfAbsent(time, value);
                accepted += present == null ? 1 : 0;
                boolean same = present != null && present == value && (first == null || first == value);
                unchanged += same ? 1 : 0;
                conflicts += present != null && !same ? 1 : 0;
            }
            Pushed pushed = intake.push(samples);
            assertThat(List.of(pushed.accepted(), pushed.unchanged(), pushed.refusedSamples()))
                    .isEqualTo(List.of(accepted, unchanged, conflicts));
            if (round == 100) {
                store.compact();
            }
        }
        expected.forEach((key, samples) -> assertThat(stored(key)).isEqualTo(samples));
    }

    private Intake intake(Optional<Duration> oldest) {
        SampleListener listener = new SampleListener() {
            @Override
            public void accepted(SampleBatch batch) {
                heard.add(batch);
            }

            @Override
            public void ended(long seriesId, long time) {
                ends.add(seriesId + " at " + time);
            }
        };
        return new Intake(
                store,
                registry,
                List.of(listener),
                Optional.empty(),
                new PushedTimes(() -> NOW, Duration.ofMinutes(10), oldest));
    }

    /// @param keysTimesAndValues three for each sample
    private Pushed push(Object... keysTimesAndValues) {
        PushedSamples samples = new PushedSamples();
        for (int i = 0; i < keysTimesAndValues.length; i += 3) {
            samples.add(
                    samples.series((SeriesKey) keysTimesAndValues[i]),
                    (long) keysTimesAndValues[i + 1],
                    ((Number) keysTimesAndValues[i + 2]).doubleValue());
        }
        return intake.push(samples);
    }

    private Map<Long, Double> stored(SeriesKey key) {
        Samples samples = store.read(store.find(key).orElseThrow().id(), Long.MIN_VALUE, Long.MAX_VALUE);
        Map<Long, Double> map = new TreeMap<>();
        for (int i = 0; i < samples.count(); i++) {
            map.put(samples.time(i), samples.value(i));
        }
        return map;
    }

    private double counted(String meter, String tag, String value) {
        return registry.get(meter).tag(tag, value).counter().count();
    }

    private static String asText(SampleBatch batch) {
        List<String> samples = new ArrayList<>();
        for (int i = 0; i < batch.count(); i++) {
            samples.add(batch.time(i) - TIME + "=" + batch.value(i));
        }
        return String.join(" ", samples);
    }

    private static SeriesKey key(String name, String... label) {
        return new SeriesKey(name, label.length == 0 ? Labels.NONE : Labels.of(Map.of(label[0], label[1])));
    }
}
