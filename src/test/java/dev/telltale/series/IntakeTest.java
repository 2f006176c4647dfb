package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeTest {

    private static final long TIME = 1_700_000_000_000L;

    @TempDir
    Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<SampleBatch> heard = new ArrayList<>();
    private DataDirectory held;
    private SqliteDatabase database;
    private SqliteSeriesStore store;
    private Intake intake;
    private long id;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
        store = SqliteSeriesStore.open(database, new ChunkedSeriesStore.Limits(10, 10_000, 1_000_000));
        intake = new Intake(store, registry, List.of(heard::add));
        id = store.findOrCreate(new SeriesKey("cpu", Labels.NONE)).id();
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
        held.close();
    }

    @Test
    void countsWhatBecameOfTheSamples() {
        intake.accept(batch(TIME, 1, TIME + 1, 2), OnConflict.REFUSE);
        intake.accept(batch(TIME, 1, TIME + 2, 3), OnConflict.REFUSE);
        assertThatThrownBy(() -> intake.accept(batch(TIME, 9), OnConflict.REFUSE))
                .isInstanceOf(Problem.class);
        assertThat(counted("accepted")).isEqualTo(3);
        assertThat(counted("unchanged")).isEqualTo(1);
        assertThat(counted("rejected")).isEqualTo(1);
    }

    @Test
    void tellsListenersOfWhatIsOnDisk() {
        intake.accept(batch(TIME, 1, TIME + 1, 2), OnConflict.REFUSE);
        intake.accept(batch(TIME + 2, 3), OnConflict.REFUSE);
        assertThatThrownBy(() -> intake.accept(batch(TIME + 2, 4), OnConflict.REFUSE))
                .isInstanceOf(Problem.class);
        assertThat(heard).extracting(SampleBatch::count).containsExactly(2, 1);
        assertThat(heard.getFirst().seriesId(1)).isEqualTo(id);
    }

    @Test
    void acceptsWhatIsOnDiskAlsoWhenAListenerFails() {
        SampleListener broken = batch -> {
            throw SeriesProblem.BAD_VALUE.because("this listener refuses everything");
        };
        Intake told = new Intake(store, registry, List.of(broken, heard::add));
        assertThat(told.accept(batch(TIME, 1), OnConflict.REFUSE)).isEqualTo(new Acceptance(1, 0));
        assertThat(told.accept(batch(TIME + 1, 2), OnConflict.REFUSE)).isEqualTo(new Acceptance(1, 0));
        assertThat(heard).hasSize(2);
        assertThat(counted("accepted")).isEqualTo(2);
        assertThat(counted("rejected")).isZero();
    }

    @Test
    void refusesTimesOutsideOfTheCenturyAndStoresNothing() {
        long first = Intake.EARLIEST;
        long last = Intake.LATEST;
        intake.accept(batch(first, 1, last, 2), OnConflict.REFUSE);
        assertBadTime(first - 1, "is not a time from 2000-01-01 to 2100-01-01");
        assertBadTime(last + 1, "is not a time from 2000-01-01 to 2100-01-01");
        assertThat(store.read(id, Long.MIN_VALUE, Long.MAX_VALUE).count()).isEqualTo(2);
    }

    @Test
    void asksWhetherSecondsWereMeantAsMilliseconds() {
        assertBadTime(1_700_000_000L, "did you mean milliseconds?");
    }

    @Test
    void saysWhichValuesAreNotFinite() {
        SampleBatch batch =
                new SampleBatch(new long[] {id, id, id}, new long[] {TIME, TIME + 1, TIME + 2}, new double[] {
                    Double.NaN, 1, Double.NEGATIVE_INFINITY
                });
        assertThatThrownBy(() -> intake.accept(batch, OnConflict.REFUSE))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(SeriesProblem.BAD_VALUE);
                    assertThat(problem.errors())
                            .extracting(ProblemError::pointer)
                            .containsExactly("/samples/0", "/samples/2");
                });
    }

    @Test
    void storesNegativeZeroAsZero() {
        intake.accept(batch(TIME, -0.0), OnConflict.REFUSE);
        assertThat(intake.accept(batch(TIME, 0.0), OnConflict.REFUSE)).isEqualTo(new Acceptance(0, 1));
        assertThat(1 / store.read(id, TIME, TIME).value(0)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void namesASeriesThatIsNotThere() {
        assertThatThrownBy(() -> intake.accept(
                        SampleBatch.of(id + 1, new Samples(new long[] {TIME}, new double[] {1})), OnConflict.REFUSE))
                .hasMessageContaining("no series has the id " + (id + 1));
    }

    private void assertBadTime(long time, String detail) {
        assertThatThrownBy(() -> intake.accept(batch(time, 1), OnConflict.REFUSE))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.BAD_TIME))
                .hasMessageContaining(detail);
    }

    private SampleBatch batch(Number... timesAndValues) {
        long[] times = new long[timesAndValues.length / 2];
        double[] values = new double[times.length];
        for (int i = 0; i < times.length; i++) {
            times[i] = timesAndValues[2 * i].longValue();
            values[i] = timesAndValues[2 * i + 1].doubleValue();
        }
        return SampleBatch.of(id, new Samples(times, values));
    }

    private double counted(String outcome) {
        return registry.get("telltale.samples")
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
