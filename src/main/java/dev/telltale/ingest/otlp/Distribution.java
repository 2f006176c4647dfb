package dev.telltale.ingest.otlp;

import java.util.ArrayList;
import java.util.List;

/// How the values of an interval are spread over buckets. Built bucket by bucket, from the lowest up.
final class Distribution {

    private final boolean geometric;
    private final List<Bucket> buckets = new ArrayList<>();
    private double total;

    /// @param lower exclusive
    /// @param upper inclusive
    private record Bucket(double lower, double upper, double count) {}

    private Distribution(boolean geometric) {
        this.geometric = geometric;
    }

    /// One whose values are spread evenly inside a bucket.
    static Distribution linear() {
        return new Distribution(false);
    }

    /// One whose values have logarithms that are spread evenly inside a bucket, as they are where each bucket
    /// is wider than the one before by a factor.
    static Distribution geometric() {
        return new Distribution(true);
    }

    /// Adds the next bucket; one without values is left out.
    void add(double lower, double upper, double count) {
        if (count > 0) {
            buckets.add(new Bucket(lower, upper, count));
            total += count;
        }
    }

    /// The value that a share of all does not exceed, interpolated in its bucket; NaN without values or where
    /// the bucket has no known bounds.
    double quantile(double share) {
        double rank = share * total;
        double below = 0;
        for (int i = 0; i < buckets.size(); i++) {
            Bucket bucket = buckets.get(i);
            if (below + bucket.count() >= rank || i == buckets.size() - 1) {
                double fraction = Math.clamp((rank - below) / bucket.count(), 0, 1);
                return within(bucket, fraction);
            }
            below += bucket.count();
        }
        return Double.NaN;
    }

    private double within(Bucket bucket, double fraction) {
        double lower = bucket.lower();
        double upper = bucket.upper();
        if (geometric && (lower > 0 || upper < 0)) {
            return lower * Math.pow(upper / lower, fraction);
        }
        return lower + (upper - lower) * fraction;
    }
}
