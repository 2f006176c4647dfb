package dev.telltale.series;

import java.util.Arrays;

/// Samples of one series, times strictly ascending. Owns its arrays: who hands them in gives them away,
/// and who takes them out must not change them.
public final class Samples {

    private static final Samples EMPTY = new Samples(new long[0], new double[0]);

    private final long[] times;
    private final double[] values;

    /// @param times epoch milliseconds UTC, strictly ascending
    /// @param values one finite value for each time
    public Samples(long[] times, double[] values) {
        if (times.length != values.length) {
            throw new IllegalArgumentException(times.length + " times for " + values.length + " values");
        }
        for (int i = 1; i < times.length; i++) {
            if (times[i] <= times[i - 1]) {
                throw new IllegalArgumentException("times must ascend, row " + i + " does not");
            }
        }
        this.times = times;
        this.values = values;
    }

    public static Samples empty() {
        return EMPTY;
    }

    public int count() {
        return times.length;
    }

    public boolean isEmpty() {
        return times.length == 0;
    }

    /// Time of the sample at `index`, epoch milliseconds UTC.
    public long time(int index) {
        return times[index];
    }

    public double value(int index) {
        return values[index];
    }

    public long[] times() {
        return times;
    }

    public double[] values() {
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Samples that && Arrays.equals(times, that.times) && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(times) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return count() + " samples" + (isEmpty() ? "" : " from " + times[0] + " to " + times[times.length - 1]);
    }
}
