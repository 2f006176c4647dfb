package dev.telltale.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.problem.Problem;
import dev.telltale.series.Samples;
import dev.telltale.signal.Derivation.Derived;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DerivationTest {

    private static final List<Feature.OfValues> ALL = List.of(
            new Feature.Difference(),
            new Feature.Rate(),
            new Feature.RollingMean(5),
            new Feature.RollingDeviation(5),
            new Feature.Log1p());

    @Test
    void putsWhatIsDerivedBehindTheSeriesAndTheTimesBehindAll() {
        Frame series = Frames.of(new double[] {1, 4, 2}, new double[] {0, 0, -3});
        Derivation derivation = new Derivation(
                List.of(new Derived(new Feature.Difference(), 1), new Derived(new Feature.Log1p(), 0)),
                List.of(new Feature.HourOfDay()));

        Frame frame = derivation.derive(series);

        assertThat(derivation.names(List.of("a", "b")))
                .containsExactly("b.difference", "a.log1p", "hour-of-day.sine", "hour-of-day.cosine");
        assertThat(frame.channels()).isEqualTo(6);
        assertThat(frame.judged()).isEqualTo(4);
        assertThat(frame.series()).isSameAs(series);
        assertThat(row(frame, 2)).startsWith(2, -3, -3, StrictMath.log1p(2));
        assertThat(frame.value(0, 2)).isNaN();
        assertThat(Derivation.NONE.derive(series)).isSameAs(series);
    }

    @Test
    void measuresRatesBySecondsAndKeepsTheSignOfLogarithms() {
        Grid minutes = new Grid(60_000, 0);
        Frame series = Frame.align(
                List.of(new Samples(new long[] {0, 60_000}, new double[] {-3, 117})), minutes, GapPolicy.DEFAULT);
        Frame frame = new Derivation(
                        List.of(new Derived(new Feature.Rate(), 0), new Derived(new Feature.Log1p(), 0)), List.of())
                .derive(series);

        assertThat(frame.value(1, 1)).isEqualTo(2);
        assertThat(frame.value(0, 2)).isEqualTo(-StrictMath.log1p(3));
    }

    @Test
    void equalsAPlainLoopOverTheRowsOfAWindow() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            int window = 2 + random.nextInt(9);
            Frame series = random(random, 60, random.nextInt(1000) - 500);
            Frame frame = rolling(window).derive(series);
            for (int row = 0; row < series.rows(); row++) {
                if (row < window - 1 || !series.unbroken(row - window + 1, row)) {
                    assertThat(frame.value(row, 1)).isNaN();
                    assertThat(frame.value(row, 2)).isNaN();
                } else {
                    double[] values = IntStream.rangeClosed(row - window + 1, row)
                            .mapToDouble(i -> series.value(i, 0))
                            .toArray();
                    double mean = Arrays.stream(values).average().orElseThrow();
                    double squares = Arrays.stream(values)
                            .map(v -> (v - mean) * (v - mean))
                            .sum();
                    assertThat(frame.value(row, 1)).isCloseTo(mean, within(1e-12));
                    assertThat(frame.value(row, 2)).isCloseTo(Math.sqrt(squares / window), within(1e-12));
                }
            }
        }
    }

    @Test
    void givesARowTheSameBitsWhereverTheFrameBegins() {
        Random random = new Random(2);
        Derivation derivation = new Derivation(
                ALL.stream().map(feature -> new Derived(feature, 0)).toList(), List.of());
        for (int round = 0; round < 100; round++) {
            Samples samples = samples(random, 60, random.nextInt(1000) - 500);
            Frame whole = derivation.derive(Frame.align(List.of(samples), new Grid(1, 0), GapPolicy.DEFAULT));
            int from = random.nextInt(20);
            Samples later = new Samples(
                    Arrays.copyOfRange(samples.times(), from, samples.count()),
                    Arrays.copyOfRange(samples.values(), from, samples.count()));
            Frame part = derivation.derive(Frame.align(List.of(later), new Grid(1, 0), GapPolicy.DEFAULT));
            int[] rows = new Windowing(1, 1).lastRows(part);
            assertThat(rows).isNotEmpty();
            for (int row : rows) {
                int same = whole.rows() - part.rows() + row;
                assertThat(row(part, row)).containsExactly(row(whole, same));
            }
        }
    }

    @Test
    void endsNoWindowInARowWhoseHistoryIsMissing() {
        Frame frame = rolling(3).derive(Frames.at(0, 1, 2, 3, 4, 100, 101, 102, 103));

        assertThat(new Windowing(1, 1).lastRows(frame)).containsExactly(2, 3, 4, 7, 8);
        assertThat(new Windowing(2, 1).lastRows(frame)).containsExactly(3, 4, 8);
    }

    @Test
    void goesRoundOnceADayAndOnceAWeek() {
        Feature.OfTime hour = new Feature.HourOfDay();
        Feature.OfTime day = new Feature.DayOfWeek();

        assertThat(hour.turn(time("2024-01-01T00:00:00Z"))).isZero();
        assertThat(hour.turn(time("2024-01-01T18:00:00Z"))).isEqualTo(0.75);
        assertThat(hour.turn(time("1969-12-31T06:00:00Z"))).isEqualTo(0.25);
        assertThat(day.turn(time("2024-01-01T23:59:59Z"))).isZero(); // a Monday
        assertThat(day.turn(time("2024-01-07T00:00:00Z"))).isEqualTo(6 / 7.0);
        assertThat(day.turn(time("1969-12-31T06:00:00Z"))).isEqualTo(2 / 7.0); // a Wednesday
    }

    @Test
    void staysFiniteForValuesOfAnySizeWhereTheHistoryIsThere() {
        Random random = new Random(5);
        double[] sizes = {0, Double.MIN_VALUE, 1e-300, 1, 1e300, Double.MAX_VALUE};
        Derivation derivation = new Derivation(
                ALL.stream().map(feature -> new Derived(feature, 0)).toList(), List.of());
        for (int round = 0; round < 200; round++) {
            double[] values = new double[40];
            Arrays.setAll(values, i -> (random.nextBoolean() ? 1 : -1) * sizes[random.nextInt(sizes.length)]);
            Frame frame = derivation.derive(Frames.of(values));
            for (int row : new Windowing(1, 1).lastRows(frame)) {
                assertThat(Arrays.stream(row(frame, row)).allMatch(Double::isFinite))
                        .isTrue();
            }
        }
    }

    @Test
    void refusesMoreThanFitsIntoMemory() {
        Frame series = Frames.of(new double[1 << 17]);
        Derivation many = new Derivation(
                IntStream.range(2, 130)
                        .mapToObj(window -> new Derived(new Feature.RollingMean(window), 0))
                        .toList(),
                List.of());

        assertThatThrownBy(() -> many.derive(series))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(SignalProblem.TOO_MANY_ROWS));
    }

    private static Derivation rolling(int window) {
        return new Derivation(
                List.of(
                        new Derived(new Feature.RollingMean(window), 0),
                        new Derived(new Feature.RollingDeviation(window), 0)),
                List.of());
    }

    private static double[] row(Frame frame, int row) {
        return IntStream.range(0, frame.channels())
                .mapToDouble(channel -> frame.value(row, channel))
                .toArray();
    }

    private static long time(String time) {
        return Instant.parse(time).toEpochMilli();
    }

    private static Frame random(Random random, int count, long start) {
        return Frame.align(List.of(samples(random, count, start)), new Grid(1, 0), GapPolicy.DEFAULT);
    }

    /// One a row, now and then a gap that splits the frame.
    private static Samples samples(Random random, int count, long start) {
        long[] times = new long[count];
        double[] values = new double[count];
        long time = start;
        for (int i = 0; i < count; i++) {
            time += i < count - 20 && random.nextInt(15) == 0 ? 10 : 1;
            times[i] = time;
            values[i] = random.nextGaussian();
        }
        return new Samples(times, values);
    }
}
