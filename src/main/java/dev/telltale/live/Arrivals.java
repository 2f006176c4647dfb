package dev.telltale.live;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Samples that wait for one detector, in the order in which they came. Senders put them in; the detector's
/// worker takes all at once. When too many wait their series are remembered instead, to be read from the store.
final class Arrivals {

    private static final int FIRST_CAPACITY = 256;

    private final int most;
    private Taken waiting = new Taken();

    Arrivals(int most) {
        this.most = most;
    }

    /// What the worker takes.
    static final class Taken {

        private WatchedSeries[] series = new WatchedSeries[FIRST_CAPACITY];
        private int[] channels = new int[FIRST_CAPACITY];
        private long[] times = new long[FIRST_CAPACITY];
        private double[] values = new double[FIRST_CAPACITY];
        private int count;
        private long since;
        private final Map<WatchedSeries, Long> missed = new HashMap<>();

        int count() {
            return count;
        }

        boolean isEmpty() {
            return count == 0 && missed.isEmpty();
        }

        WatchedSeries series(int index) {
            return series[index];
        }

        int channel(int index) {
            return channels[index];
        }

        long time(int index) {
            return times[index];
        }

        double value(int index) {
            return values[index];
        }

        /// When the first of them came, as `System.nanoTime` tells it.
        long since() {
            return since;
        }

        /// Series of which samples are missing here, with the earliest time of these, `Long.MIN_VALUE` if that is not
        /// known.
        Map<WatchedSeries, Long> missed() {
            return missed;
        }

        private void add(WatchedSeries watched, int channel, long time, double value) {
            if (count == times.length) {
                int capacity = count * 2;
                series = Arrays.copyOf(series, capacity);
                channels = Arrays.copyOf(channels, capacity);
                times = Arrays.copyOf(times, capacity);
                values = Arrays.copyOf(values, capacity);
            }
            series[count] = watched;
            channels[count] = channel;
            times[count] = time;
            values[count] = value;
            count++;
        }
    }

    synchronized void add(WatchedSeries watched, int channel, long time, double value) {
        if (waiting.isEmpty()) {
            waiting.since = System.nanoTime();
        }
        if (waiting.count >= most) {
            waiting.missed.merge(watched, time, Math::min);
        } else {
            waiting.add(watched, channel, time, value);
        }
    }

    /// A series of which something is in the store that never came here.
    ///
    /// @param earliest time of the first of that, `Long.MIN_VALUE` if it is not known
    synchronized void addMissed(WatchedSeries watched, long earliest) {
        if (waiting.isEmpty()) {
            waiting.since = System.nanoTime();
        }
        waiting.missed.merge(watched, earliest, Math::min);
    }

    synchronized Taken take() {
        Taken taken = waiting;
        waiting = new Taken();
        return taken;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// How long the first of those that wait has waited, 0 where none waits.
    synchronized long ageNanos() {
        return waiting.isEmpty() ? 0 : System.nanoTime() - waiting.since;
    }

    synchronized int count() {
        return waiting.count;
    }

    /// How many wait, by the partition of their series.
    synchronized Map<Integer, Integer> countByPartition() {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < waiting.count; i++) {
            counts.merge(waiting.series[i].home().partition(), 1, Integer::sum);
        }
        return counts;
    }
}
