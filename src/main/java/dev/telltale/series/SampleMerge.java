package dev.telltale.series;

import java.util.Arrays;
import java.util.List;

/// Puts two lists of samples together.
final class SampleMerge {

    private SampleMerge() {}

    /// The samples of both in order; where both have a time, the value of `newer`.
    static Samples of(Samples older, Samples newer) {
        if (older.isEmpty()) {
            return newer;
        }
        if (newer.isEmpty()) {
            return older;
        }
        long[] times = new long[older.count() + newer.count()];
        double[] values = new double[times.length];
        int count = 0;
        int left = 0;
        int right = 0;
        while (left < older.count() || right < newer.count()) {
            boolean takeOlder =
                    right == newer.count() || (left < older.count() && older.time(left) < newer.time(right));
            if (takeOlder) {
                times[count] = older.time(left);
                values[count] = older.value(left);
                left++;
            } else {
                if (left < older.count() && older.time(left) == newer.time(right)) {
                    left++;
                }
                times[count] = newer.time(right);
                values[count] = newer.value(right);
                right++;
            }
            count++;
        }
        return new Samples(Arrays.copyOf(times, count), Arrays.copyOf(values, count));
    }

    /// The samples of all parts, of which each begins after the end of the one before.
    static Samples concat(List<Samples> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        int total = parts.stream().mapToInt(Samples::count).sum();
        long[] times = new long[total];
        double[] values = new double[total];
        int count = 0;
        for (Samples part : parts) {
            System.arraycopy(part.times(), 0, times, count, part.count());
            System.arraycopy(part.values(), 0, values, count, part.count());
            count += part.count();
        }
        return new Samples(times, values);
    }

    /// The samples from `start` to `end`, both inclusive.
    static Samples within(Samples samples, long start, long end) {
        int from = place(samples.times(), start);
        int to = end == Long.MAX_VALUE ? samples.count() : place(samples.times(), end + 1);
        if (from >= to) {
            return Samples.empty();
        }
        return from == 0 && to == samples.count() ? samples : slice(samples, from, to);
    }

    /// The samples from index `from` to index `to`, exclusive.
    static Samples slice(Samples samples, int from, int to) {
        return new Samples(
                Arrays.copyOfRange(samples.times(), from, to), Arrays.copyOfRange(samples.values(), from, to));
    }

    private static int place(long[] times, long time) {
        int index = Arrays.binarySearch(times, time);
        return index >= 0 ? index : -index - 1;
    }
}
