package dev.telltale.ingest.otlp;

import java.util.Arrays;
import java.util.Optional;

/// Buckets with given bounds, and one below and one above them.
final class ExplicitBuckets implements Buckets {

    /// More buckets than this are refused.
    static final int MOST = 1_000;

    private final double[] bounds;
    private final long[] counts;

    /// @param bounds rising, finite; not copied
    /// @param counts one more than bounds, or none at all; not copied
    ExplicitBuckets(double[] bounds, long[] counts) {
        this.bounds = bounds;
        this.counts = counts;
        if (counts.length > MOST) {
            throw OtlpProblem.BAD_POINT.because(
                    "a histogram has %d buckets, at most %d are taken", counts.length, MOST);
        }
        if (counts.length == 0 ? bounds.length != 0 : counts.length != bounds.length + 1) {
            throw OtlpProblem.BAD_POINT.because(
                    "a histogram has %d bounds and %d buckets; it needs one bucket more than bounds",
                    bounds.length, counts.length);
        }
        for (int i = 0; i < bounds.length; i++) {
            if (!Double.isFinite(bounds[i]) || (i > 0 && bounds[i] <= bounds[i - 1])) {
                throw OtlpProblem.BAD_POINT.because("the bounds of a histogram are not finite and rising");
            }
        }
        for (long count : counts) {
            if (count < 0) {
                throw OtlpProblem.BAD_POINT.because("a bucket of a histogram counts more than 2^63 values");
            }
        }
    }

    @Override
    public Optional<Distribution> since(Buckets earlier) {
        if (!(earlier instanceof ExplicitBuckets before)
                || !Arrays.equals(before.bounds, bounds)
                || before.counts.length != counts.length) {
            return Optional.empty();
        }
        long[] change = new long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            change[i] = counts[i] - before.counts[i];
            if (change[i] < 0) {
                return Optional.empty();
            }
        }
        return Optional.of(distribution(change, Double.NaN, Double.NaN));
    }

    @Override
    public Distribution all(double min, double max) {
        return distribution(counts, min, max);
    }

    /// The outer buckets end at the smallest and largest value where these are known; else as Prometheus takes
    /// them: the lowest begins at 0 if its bound is positive, the highest lends its lower bound.
    private Distribution distribution(long[] values, double min, double max) {
        Distribution distribution = Distribution.linear();
        for (int i = 0; i < values.length; i++) {
            double lower = i > 0 ? bounds[i - 1] : lowest(min);
            double upper = i < bounds.length ? bounds[i] : highest(max);
            distribution.add(lower, Math.max(lower, upper), (double) values[i]);
        }
        return distribution;
    }

    private double lowest(double min) {
        if (bounds.length == 0) {
            return min;
        }
        if (!Double.isNaN(min)) {
            return Math.min(min, bounds[0]);
        }
        return bounds[0] > 0 ? 0 : bounds[0];
    }

    private double highest(double max) {
        if (bounds.length == 0) {
            return max;
        }
        double last = bounds[bounds.length - 1];
        return Double.isNaN(max) ? last : Math.max(max, last);
    }

    @Override
    public boolean says(Buckets other) {
        return other instanceof ExplicitBuckets that
                && Arrays.equals(that.bounds, bounds)
                && Arrays.equals(that.counts, counts);
    }

    @Override
    public int bytes() {
        return 64 + 8 * (bounds.length + counts.length);
    }
}
