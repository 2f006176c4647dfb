package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.telltale.database.DatabaseProblem;
import dev.telltale.database.Postgres;
import dev.telltale.problem.Problem;
import dev.telltale.series.Pushed.Reason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is pushed where a relay takes it, and what comes back of it.
class RelayTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final long T = NOW.toEpochMilli();
    private static final SeriesKey CPU = new SeriesKey("cpu", Labels.NONE);
    private static final SeriesKey MEMORY = new SeriesKey("memory", Labels.NONE);

    @TempDir
    private Path directory;

    private final Postgres postgres = Postgres.fresh();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<String> sent = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private boolean fails;
    private OpenPostgresStore open;
    private SeriesStore store;
    private Intake intake;

    @BeforeEach
    void open() {
        open = OpenPostgresStore.open(
                postgres, directory, new ChunkedSeriesStore.Limits(3, 10_000, 1_000_000), Partitions.ALL);
        store = open.store();
        SampleRelay relay = new SampleRelay() {
            @Override
            public void send(SampleBatch batch) {
                refuse();
                for (int i = 0; i < batch.count(); i++) {
                    sent.add(name(batch.seriesId(i)) + "@" + (batch.time(i) - T) + "=" + batch.value(i));
                }
            }

            @Override
            public void end(long[] seriesIds, long[] times) {
                refuse();
                for (int i = 0; i < seriesIds.length; i++) {
                    sent.add(name(seriesIds[i]) + " ends at " + (times[i] - T));
                }
            }

            private void refuse() {
                if (fails) {
                    throw DatabaseProblem.STORE_UNAVAILABLE.because("the brokers are gone");
                }
            }
        };
        SampleListener listener = new SampleListener() {
            @Override
            public void accepted(SampleBatch batch) {
                for (int i = 0; i < batch.count(); i++) {
                    heard.add(name(batch.seriesId(i)) + "@" + (batch.time(i) - T));
                }
            }

            @Override
            public void ended(long seriesId, long time) {
                heard.add(name(seriesId) + " ends at " + (time - T));
            }
        };
        intake = new Intake(
                store,
                registry,
                List.of(listener),
                Optional.of(relay),
                new PushedTimes(() -> NOW, Duration.ofMinutes(10), Optional.empty()));
    }

    @AfterEach
    void close() {
        open.close();
    }

    @Test
    void whatIsPushedGoesToTheRelayAndIsNotStored() {
        PushedSamples pushed = new PushedSamples();
        int cpu = pushed.series(CPU);
        pushed.add(cpu, T, 1);
        pushed.add(pushed.series(MEMORY), T - 5, 2);
        pushed.add(cpu, T + 1, -0.0);
        pushed.end(cpu, T + 2);
        assertThat(intake.push(pushed)).isEqualTo(new Pushed(3, 0, 0, 0, List.of()));
        assertThat(sent).containsExactly("cpu@0=1.0", "memory@-5=2.0", "cpu@1=0.0", "cpu ends at 2");
        assertThat(store.newest(id(CPU))).isEmpty();
        assertThat(heard).isEmpty();
        assertThat(counted("accepted")).as("counted by who stores them").isZero();
    }

    @Test
    void whatCannotBeStoredIsKnownAtOnce() {
        store.findOrCreate(MEMORY);
        store.findOrCreate(new SeriesKey("one", Labels.NONE));
        store.findOrCreate(new SeriesKey("two", Labels.NONE));
        PushedSamples pushed = new PushedSamples();
        int memory = pushed.series(MEMORY);
        pushed.add(pushed.series(CPU), T, 1);
        pushed.add(memory, T, 1);
        pushed.add(memory, T, 1);
        pushed.add(memory, T, 2);
        pushed.add(memory, T + 1, Double.NaN);
        pushed.add(memory, T + 3_600_000, 1);
        pushed.add(pushed.series(new SeriesKey("telltale_score", Labels.NONE)), T, 1);
        Pushed outcome = intake.push(pushed);
        assertThat(sent).containsExactly("memory@0=1.0");
        assertThat(outcome.accepted()).isEqualTo(1);
        assertThat(outcome.unchanged()).isEqualTo(1);
        assertThat(outcome.own()).isEqualTo(1);
        assertThat(outcome.missing()).isEqualTo(1);
        assertThat(outcome.refused())
                .extracting(Pushed.Refused::reason)
                .containsExactly(Reason.IN_FUTURE, Reason.CONFLICT, Reason.SERIES_LIMIT);
        assertThat(outcome.refusedSamples()).isEqualTo(3);
        assertThat(counted("accepted")).isZero();
        assertThat(counted("rejected")).isEqualTo(3);
    }

    @Test
    void aRelayThatFailsFailsThePush() {
        fails = true;
        PushedSamples pushed = new PushedSamples();
        pushed.add(pushed.series(CPU), T, 1);
        assertThatThrownBy(() -> intake.push(pushed))
                .isInstanceOf(Problem.class)
                .hasMessage("the brokers are gone");
        assertThat(counted("accepted") + counted("rejected")).isZero();
        assertThat(intake.pushFromTopic(pushed)).isEqualTo(new Pushed(1, 0, 0, 0, List.of()));
    }

    @Test
    void storesWhatComesBackOnceHoweverOftenItComes() {
        long cpu = store.findOrCreate(CPU).id();
        long memory = store.findOrCreate(MEMORY).id();
        List<Relayed> relayed = List.of(
                relayed(NOW, cpu, T, 1, memory, T, 2),
                relayed(NOW, memory, T + 1, 3, cpu, T + 1, 4),
                relayed(NOW, cpu, T, 1, cpu, T + 1, 5));
        Pushed first = intake.takeRelayed(relayed);
        assertThat(first.accepted()).isEqualTo(4);
        assertThat(first.unchanged()).isEqualTo(1);
        assertThat(first.refused()).extracting(Pushed.Refused::reason).containsExactly(Reason.CONFLICT);
        assertThat(store.read(cpu, T, T + 9)).isEqualTo(new Samples(new long[] {T, T + 1}, new double[] {1, 4}));
        Pushed again = intake.takeRelayed(relayed);
        assertThat(again.accepted()).isZero();
        assertThat(again.unchanged()).isEqualTo(5);
        assertThat(again.refusedSamples()).isEqualTo(1);
        assertThat(intake.takeRelayed(List.of(relayed(NOW, cpu, T, 9))).refused())
                .singleElement()
                .extracting(Pushed.Refused::example)
                .asString()
                .contains("cpu", "has 1.0", "9.0 came");
        assertThat(heard).containsExactlyInAnyOrder("cpu@0", "cpu@1", "memory@0", "memory@1");
        assertThat(counted("accepted")).isEqualTo(4);
        assertThat(counted("unchanged")).isEqualTo(6);
        assertThat(counted("rejected")).isEqualTo(3);
        assertThat(intake.takeRelayed(List.of())).isEqualTo(new Pushed(0, 0, 0, 0, List.of()));
    }

    @Test
    void samplesThatWereSentBeforeTheirSeriesWasDeletedGoWithIt() {
        long cpu = store.findOrCreate(CPU).id();
        store.delete(cpu);
        Instant deleted = deletionOf(cpu);
        Pushed pushed = intake.takeRelayed(List.of(relayed(deleted.minusMillis(1), cpu, T, 1, cpu, T + 1, 1)));
        assertThat(pushed.accepted()).isZero();
        assertThat(pushed.refused())
                .extracting(Pushed.Refused::reason, Pushed.Refused::samples)
                .containsExactly(tuple(Reason.SERIES_GONE, 2L));
        assertThat(store.find(CPU)).isEmpty();
    }

    @Test
    void aSeriesOfWhichSamplesWereSentAfterItWasDeletedIsMadeAgain() throws SQLException {
        long memory = store.findOrCreate(MEMORY).id();
        long cpu = store.findOrCreate(CPU).id();
        store.delete(cpu);
        Instant deleted = deletionOf(cpu);
        List<Relayed> relayed = List.of(
                relayed(deleted.minusMillis(1), cpu, T, 1, memory, T, 1),
                relayed(deleted.plusMillis(1), cpu, T + 1, 2, memory, T + 1, 2));
        Pushed pushed = intake.takeRelayed(relayed);
        assertThat(pushed.accepted()).isEqualTo(3);
        assertThat(pushed.refusedSamples()).isEqualTo(1);
        assertThat(id(CPU)).isNotEqualTo(cpu);
        assertThat(store.read(id(CPU), T, T + 9)).isEqualTo(new Samples(new long[] {T + 1}, new double[] {2}));
        // Nobody knows any more which series it was.
        postgres.administer("DELETE FROM gone_series");
        assertThat(intake.takeRelayed(relayed).refused())
                .extracting(Pushed.Refused::samples)
                .containsExactly(2L);
    }

    @Test
    void tellsOfEndsThatComeBackAndLeavesOutThoseOfSeriesThatAreGone() {
        long cpu = store.findOrCreate(CPU).id();
        long memory = store.findOrCreate(MEMORY).id();
        store.delete(memory);
        intake.takeRelayedEnds(new long[] {cpu, memory, cpu}, new long[] {T, T, T - 1});
        assertThat(heard).containsExactly("cpu ends at 0");
    }

    private Instant deletionOf(long seriesId) {
        return Objects.requireNonNull(store.gone(List.of(seriesId)).get(seriesId))
                .at();
    }

    private long id(SeriesKey key) {
        return store.find(key).orElseThrow().id();
    }

    private String name(long seriesId) {
        return store.find(seriesId).orElseThrow().name();
    }

    private double counted(String outcome) {
        return registry.get("telltale.samples")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    /// @param idsTimesAndValues three for each sample
    private static Relayed relayed(Instant at, long... idsTimesAndValues) {
        int count = idsTimesAndValues.length / 3;
        long[] ids = new long[count];
        long[] times = new long[count];
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            ids[i] = idsTimesAndValues[3 * i];
            times[i] = idsTimesAndValues[3 * i + 1];
            values[i] = idsTimesAndValues[3 * i + 2];
        }
        return new Relayed(new SampleBatch(ids, times, values), at);
    }
}
