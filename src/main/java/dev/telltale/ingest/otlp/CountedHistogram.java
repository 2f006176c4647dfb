package dev.telltale.ingest.otlp;

import java.util.Optional;

/// A point of a histogram that counts up.
///
/// @param sum of all values, NaN if not known; it may fall where there are negative ones
record CountedHistogram(long start, long time, long count, double sum, Buckets buckets) implements Counted {

    @Override
    public Optional<Readings> since(Counted earlier) {
        CountedHistogram before = (CountedHistogram) earlier;
        return count < before.count
                ? Optional.empty()
                : buckets.since(before.buckets)
                        .map(change -> Readings.of(
                                count - before.count, sum - before.sum, change, Times.seconds(before.time, time)));
    }

    @Override
    public boolean says(Counted other) {
        return other instanceof CountedHistogram that
                && that.count == count
                && Double.compare(that.sum, sum) == 0
                && that.buckets.says(buckets);
    }

    @Override
    public int bytes() {
        return 56 + buckets.bytes();
    }
}
