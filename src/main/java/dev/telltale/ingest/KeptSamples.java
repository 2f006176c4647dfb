package dev.telltale.ingest;

import dev.telltale.series.PushedSamples;
import dev.telltale.series.SeriesKey;

/// Samples as a decoder adds them, without those of series that are not kept.
public final class KeptSamples {

    private final SeriesFilter filter;
    private final PushedSamples samples = new PushedSamples();
    private long leftOut;

    public KeptSamples(SeriesFilter filter) {
        this.filter = filter;
    }

    /// Adds a sample.
    ///
    /// @param time epoch milliseconds UTC, whatever the sender said
    /// @param value whatever the sender said, NaN and infinities too
    public void add(SeriesKey key, long time, double value) {
        if (filter.keeps(key)) {
            samples.add(samples.series(key), time, value);
        } else {
            leftOut++;
        }
    }

    /// Notes that a series ends by intention.
    public void end(SeriesKey key, long time) {
        if (filter.keeps(key)) {
            samples.end(samples.series(key), time);
        }
    }

    public PushedSamples samples() {
        return samples;
    }

    /// Counts those that were left out, now that the others are stored.
    public void countLeftOut() {
        filter.leftOut(leftOut);
    }
}
