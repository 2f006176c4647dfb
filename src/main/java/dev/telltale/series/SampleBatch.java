package dev.telltale.series;

import java.util.Arrays;
import java.util.BitSet;

/// Samples of many series in the order in which they arrived, as one sender sent them. Owns its arrays.
public final class SampleBatch {

    private final long[] seriesIds;
    private final long[] times;
    private final double[] values;

    /// @param seriesIds the series of each sample
    /// @param times epoch milliseconds UTC, in any order
    /// @param values finite
    public SampleBatch(long[] seriesIds, long[] times, double[] values) {
        if (seriesIds.length != times.length || times.length != values.length) {
            throw new IllegalArgumentException("a batch needs as many series as times as values");
        }
        this.seriesIds = seriesIds;
        this.times = times;
        this.values = values;
    }

    /// The samples of one series.
    public static SampleBatch of(long seriesId, Samples samples) {
        long[] ids = new long[samples.count()];
        Arrays.fill(ids, seriesId);
        return new SampleBatch(ids, samples.times(), samples.values());
    }

    public int count() {
        return times.length;
    }

    public long seriesId(int index) {
        return seriesIds[index];
    }

    public long time(int index) {
        return times[index];
    }

    public double value(int index) {
        return values[index];
    }

    /// The batch without the samples of `dropped`.
    SampleBatch without(BitSet dropped) {
        if (dropped.isEmpty()) {
            return this;
        }
        int count = count() - dropped.cardinality();
        long[] keptIds = new long[count];
        long[] keptTimes = new long[count];
        double[] keptValues = new double[count];
        int kept = 0;
        for (int i = dropped.nextClearBit(0); i < count(); i = dropped.nextClearBit(i + 1)) {
            keptIds[kept] = seriesIds[i];
            keptTimes[kept] = times[i];
            keptValues[kept] = values[i];
            kept++;
        }
        return new SampleBatch(keptIds, keptTimes, keptValues);
    }

    long[] seriesIds() {
        return seriesIds;
    }

    long[] times() {
        return times;
    }

    double[] values() {
        return values;
    }
}
