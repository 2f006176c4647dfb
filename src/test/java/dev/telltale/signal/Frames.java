package dev.telltale.signal;

import dev.telltale.series.Samples;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Frames for tests: rows at times 0, 1, 2, …
public final class Frames {

    private static final Grid GRID = new Grid(1, 0);

    private Frames() {}

    /// One frame of these channels, without gaps.
    public static Frame of(double[]... channels) {
        return Frame.align(
                Arrays.stream(channels)
                        .map(values -> new Samples(times(values.length), values))
                        .toList(),
                GRID,
                GapPolicy.DEFAULT);
    }

    /// A frame of one channel with samples at these times only, value = time.
    public static Frame at(long... times) {
        double[] values = Arrays.stream(times).asDoubleStream().toArray();
        return Frame.align(List.of(new Samples(times, values)), GRID, GapPolicy.DEFAULT);
    }

    public static int[] allRows(Frame frame) {
        return IntStream.range(0, frame.rows()).toArray();
    }

    private static long[] times(int count) {
        return IntStream.range(0, count).asLongStream().toArray();
    }
}
