package dev.telltale.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.telltale.problem.Problem;
import dev.telltale.series.Samples;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GridTest {

    private static final Grid EVERY_MINUTE = new Grid(60_000, 1_000);

    @Test
    void aRowHoldsTheTimesAfterTheRowBeforeUpToItsOwn() {
        assertThat(EVERY_MINUTE.rowAt(1_000)).isZero();
        assertThat(EVERY_MINUTE.rowAt(1_001)).isEqualTo(1);
        assertThat(EVERY_MINUTE.rowAt(61_000)).isEqualTo(1);
        assertThat(EVERY_MINUTE.rowAt(61_001)).isEqualTo(2);
        assertThat(EVERY_MINUTE.timeOf(2)).isEqualTo(121_000);
    }

    @Test
    void rowsBeforeTheOriginAreNegative() {
        assertThat(EVERY_MINUTE.rowAt(-59_000)).isEqualTo(-1);
        assertThat(EVERY_MINUTE.rowAt(-58_999)).isZero();
        assertThat(EVERY_MINUTE.timeOf(-1)).isEqualTo(-59_000);
    }

    @Test
    void takesTheMedianStepOfOneSeriesAndItsFirstSample() {
        Samples samples = at(5, 15, 25, 36, 100); // steps 10, 10, 11, 64
        assertThat(infer(samples)).isEqualTo(new Grid(11, 5)); // 10.5 rounded
    }

    @Test
    void letsTheSlowestOfSeveralSeriesSetThePaceFromTheEpoch() {
        assertThat(infer(at(7, 17, 27, 37, 47), at(9, 59), at(3))).isEqualTo(new Grid(50, 0));
    }

    @Test
    void keepsAGivenInterval() {
        assertThat(Grid.infer(List.of(at(7, 17)), stated(300))).isEqualTo(new Grid(300, 7));
        assertThat(Grid.infer(List.of(at(7), at()), stated(300, 0))).isEqualTo(new Grid(300, 0));
        assertThat(Grid.infer(List.of(at(7, 17), at(10, 20)), stated(5, 0))).isEqualTo(new Grid(10, 0));
        assertThat(Grid.infer(List.of(at(7, 17), at(10, 20)), stated(5, 6))).isEqualTo(new Grid(6, 0));
    }

    @Test
    void refusesToReadAnIntervalOffSingleSamples() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> infer(at(7), at()))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(SignalProblem.NOT_ENOUGH_DATA))
                .satisfies(problem -> assertThat(problem.members())
                        .containsEntry("required", 2)
                        .containsEntry("got", 1))
                .withMessageContaining("give the interval");
    }

    @Test
    void refusesAGridOfNothing() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> Grid.infer(List.of(at()), stated(300)))
                .withMessageContaining("no sample");
    }

    @Test
    void refusesIntervalsOutOfRange() {
        for (long interval : new long[] {0, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(() -> new Grid(interval, 0))
                    .satisfies(problem -> assertThat(problem.type()).isEqualTo(SignalProblem.BAD_GRID))
                    .withMessageContaining("was " + interval);
        }
    }

    private static Grid infer(Samples... series) {
        return Grid.infer(List.of(series), stated(new long[series.length]));
    }

    /// Intervals of series, 0 where none is stated.
    private static List<OptionalLong> stated(long... intervals) {
        return LongStream.of(intervals)
                .mapToObj(interval -> interval == 0 ? OptionalLong.empty() : OptionalLong.of(interval))
                .toList();
    }

    private static Samples at(long... times) {
        return new Samples(times, new double[times.length]);
    }
}
