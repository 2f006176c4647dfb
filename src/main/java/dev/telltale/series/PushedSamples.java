package dev.telltale.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Samples of many series that a monitoring system pushed, as the decoder of its protocol understood them.
public final class PushedSamples {

    private final List<SeriesKey> keys = new ArrayList<>();
    private final Map<SeriesKey, Integer> numbers = new HashMap<>();
    private int[] series = new int[256];
    private long[] times = new long[256];
    private double[] values = new double[256];
    private int count;
    private final List<End> ends = new ArrayList<>();

    /// A series of which its sender said that no more samples come, such as one of a target that is gone.
    ///
    /// @param series number of the series
    record End(int series, long time) {}

    /// The number of a series among those pushed.
    public int series(SeriesKey key) {
        return numbers.computeIfAbsent(key, absent -> {
            keys.add(absent);
            return keys.size() - 1;
        });
    }

    /// Adds a sample.
    ///
    /// @param seriesNumber from `series`
    /// @param time epoch milliseconds UTC, whatever the sender said
    /// @param value whatever the sender said, NaN and infinities too
    public void add(int seriesNumber, long time, double value) {
        if (count == times.length) {
            int capacity = count + (count >> 1);
            series = Arrays.copyOf(series, capacity);
            times = Arrays.copyOf(times, capacity);
            values = Arrays.copyOf(values, capacity);
        }
        series[count] = seriesNumber;
        times[count] = time;
        values[count] = value;
        count++;
    }

    /// Notes that a series ends here by intention.
    ///
    /// @param seriesNumber from `series`
    public void end(int seriesNumber, long time) {
        ends.add(new End(seriesNumber, time));
    }

    public int count() {
        return count;
    }

    /// How many series were numbered.
    public int seriesCount() {
        return keys.size();
    }

    List<SeriesKey> keys() {
        return keys;
    }

    int series(int index) {
        return series[index];
    }

    long time(int index) {
        return times[index];
    }

    double value(int index) {
        return values[index];
    }

    List<End> ends() {
        return ends;
    }
}
