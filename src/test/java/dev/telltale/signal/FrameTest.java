package dev.telltale.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.series.Samples;
import dev.telltale.signal.GapPolicy.Fill;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FrameTest {

    private static final Grid TENS = new Grid(10, 0);
    private static final GapPolicy PREVIOUS = GapPolicy.DEFAULT;
    private static final GapPolicy LINEAR = new GapPolicy(Fill.LINEAR);
    private static final GapPolicy NONE = new GapPolicy(Fill.NONE);

    @Test
    void aRowTakesTheLastSampleOfItsInterval() {
        Frame frame = Frame.align(List.of(samples(0, 1, 3, 2, 10, 3, 11, 4)), TENS, PREVIOUS);
        assertThat(rows(frame)).containsExactly("0: 1.0", "10: 3.0", "20: 4.0");
    }

    @Test
    void fillsAGapOfThreeRows() {
        Samples samples = samples(0, 4, 40, 8);
        assertThat(rows(Frame.align(List.of(samples), TENS, PREVIOUS)))
                .containsExactly("0: 4.0", "10: 4.0 filled", "20: 4.0 filled", "30: 4.0 filled", "40: 8.0");
        assertThat(rows(Frame.align(List.of(samples), TENS, LINEAR)))
                .containsExactly("0: 4.0", "10: 5.0 filled", "20: 6.0 filled", "30: 7.0 filled", "40: 8.0");
        assertThat(rows(Frame.align(List.of(samples), TENS, NONE))).containsExactly("0: 4.0", "40: 8.0");
    }

    @Test
    void isSplitByAGapOfFourRows() {
        Frame frame = Frame.align(List.of(samples(0, 4, 50, 8, 60, 9)), TENS, PREVIOUS);
        assertThat(rows(frame)).containsExactly("0: 4.0", "50: 8.0", "60: 9.0");
        assertThat(frame.segments()).isEqualTo(2);
        assertThat(frame.unbroken(0, 1)).isFalse();
        assertThat(frame.unbroken(1, 2)).isTrue();
    }

    @Test
    void keepsOnlyRowsInWhichEveryChannelHasAValue() {
        Samples a = samples(10, 1, 20, 2, 30, 3, 40, 4, 90, 9);
        Samples b = samples(20, 200, 40, 400, 50, 500, 90, 900);
        Frame frame = Frame.align(List.of(a, b), TENS, PREVIOUS);
        // a misses four rows from 50 on, so that 50 is left out though b has it; b's 30 is filled in
        // beside a sample of a, which makes the row one to judge.
        assertThat(rows(frame)).containsExactly("20: 2.0 200.0", "30: 3.0 200.0", "40: 4.0 400.0", "90: 9.0 900.0");
    }

    @Test
    void aRowIsFilledWhereNoChannelHasASample() {
        Frame frame = Frame.align(List.of(samples(0, 1, 20, 2), samples(0, 3, 20, 4)), TENS, PREVIOUS);
        assertThat(rows(frame)).containsExactly("0: 1.0 3.0", "10: 1.0 3.0 filled", "20: 2.0 4.0");
        assertThat(frame.sampledRows()).isEqualTo(2);
    }

    @Test
    void takesNoMemoryForTheTimeBetweenSamples() {
        long in2000 = 946_684_800_000L;
        long in2099 = 4_070_908_800_000L;
        Frame frame = Frame.align(
                List.of(new Samples(new long[] {in2000, in2099}, new double[] {1, 2})),
                new Grid(1000, in2000),
                PREVIOUS);
        assertThat(frame.rows()).isEqualTo(2);
        assertThat(frame.time(1)).isEqualTo(in2099);
        assertThat(frame.segments()).isEqualTo(2);
    }

    @Test
    void anEmptyChannelLeavesNoRow() {
        Frame frame = Frame.align(List.of(samples(0, 1), Samples.empty()), TENS, PREVIOUS);
        assertThat(frame.rows()).isZero();
        assertThat(frame.segments()).isZero();
    }

    @Test
    void aLongerRangeNeverChangesARow() {
        Random random = new Random(7);
        for (int trial = 0; trial < 300; trial++) {
            List<Samples> whole = List.of(randomSamples(random), randomSamples(random));
            Grid grid = new Grid(1 + random.nextInt(12), random.nextInt(30) - 15);
            long end = grid.timeOf(random.nextInt(15));
            List<Samples> start =
                    whole.stream().map(samples -> upTo(end, samples)).toList();
            List<String> longer = rows(Frame.align(whole, grid, LINEAR));
            List<String> shorter = rows(Frame.align(start, grid, LINEAR));
            assertThat(longer).containsAll(shorter);
        }
    }

    @Test
    void equalsTheFrameOfAPlainLoopOverAllRows() {
        Random random = new Random(42);
        for (int trial = 0; trial < 3000; trial++) {
            List<Samples> series = new ArrayList<>();
            for (int c = 0; c <= random.nextInt(3); c++) {
                series.add(randomSamples(random));
            }
            Grid grid = new Grid(1 + random.nextInt(12), random.nextInt(30) - 15);
            GapPolicy gaps = List.of(PREVIOUS, LINEAR, NONE).get(random.nextInt(3));
            assertThat(rows(Frame.align(series, grid, gaps)))
                    .as("trial %d: %s on %s with %s", trial, series, grid, gaps)
                    .isEqualTo(plainRows(series, grid, gaps));
        }
    }

    private static List<String> plainRows(List<Samples> series, Grid grid, GapPolicy gaps) {
        List<String> rows = new ArrayList<>();
        for (long row = -300; row < 300; row++) {
            StringBuilder text = new StringBuilder(grid.timeOf(row) + ":");
            boolean complete = true;
            boolean filled = true;
            for (Samples samples : series) {
                Optional<Double> sample = plainSample(samples, grid, row);
                Optional<Double> value = sample.or(emptyRow(samples, grid, row, gaps));
                complete &= value.isPresent();
                filled &= sample.isEmpty();
                text.append(' ').append(value.map(String::valueOf).orElse("none"));
            }
            if (complete) {
                rows.add(text + (filled ? " filled" : ""));
            }
        }
        return rows;
    }

    private static Supplier<Optional<Double>> emptyRow(Samples samples, Grid grid, long row, GapPolicy gaps) {
        return () -> {
            for (int before = 1; before <= 3; before++) {
                for (int after = 1; before + after <= 4; after++) {
                    Optional<Double> from = plainSample(samples, grid, row - before);
                    Optional<Double> to = plainSample(samples, grid, row + after);
                    if (from.isPresent() && to.isPresent()) {
                        double share = (double) before / (before + after);
                        return switch (gaps.fill()) {
                            case PREVIOUS -> from;
                            case LINEAR -> Optional.of(from.get() * (1 - share) + to.get() * share);
                            case NONE -> Optional.empty();
                        };
                    }
                }
            }
            return Optional.empty();
        };
    }

    private static Optional<Double> plainSample(Samples samples, Grid grid, long row) {
        Optional<Double> last = Optional.empty();
        for (int i = 0; i < samples.count(); i++) {
            if (samples.time(i) > grid.timeOf(row - 1) && samples.time(i) <= grid.timeOf(row)) {
                last = Optional.of(samples.value(i));
            }
        }
        return last;
    }

    private static Samples randomSamples(Random random) {
        TreeSet<Long> times = new TreeSet<>();
        long time = random.nextInt(20);
        for (int i = random.nextInt(15); i > 0; i--) {
            times.add(time);
            time += 1 + random.nextInt(random.nextInt(10) == 0 ? 70 : 12);
        }
        long[] at = times.stream().mapToLong(Long::longValue).toArray();
        return new Samples(at, random.ints(at.length, 0, 100).asDoubleStream().toArray());
    }

    private static Samples upTo(long end, Samples samples) {
        int count = 0;
        while (count < samples.count() && samples.time(count) <= end) {
            count++;
        }
        return new Samples(Arrays.copyOf(samples.times(), count), Arrays.copyOf(samples.values(), count));
    }

    private static List<String> rows(Frame frame) {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < frame.rows(); row++) {
            StringBuilder text = new StringBuilder(frame.time(row) + ":");
            for (int c = 0; c < frame.channels(); c++) {
                text.append(' ').append(frame.value(row, c));
            }
            rows.add(text + (frame.filled(row) ? " filled" : ""));
        }
        return rows;
    }

    /// Samples from pairs of time and value.
    private static Samples samples(double... pairs) {
        long[] times = new long[pairs.length / 2];
        double[] values = new double[pairs.length / 2];
        for (int i = 0; i < times.length; i++) {
            times[i] = (long) pairs[2 * i];
            values[i] = pairs[2 * i + 1];
        }
        return new Samples(times, values);
    }
}
