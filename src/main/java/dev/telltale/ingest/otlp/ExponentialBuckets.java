package dev.telltale.ingest.otlp;

import java.util.Arrays;
import java.util.Optional;

/// Buckets whose bounds are powers of a base, 2^(2^-scale), on both sides of a bucket around zero.
///
/// @see <a href="https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram">Data model</a>
final class ExponentialBuckets implements Buckets {

    static final int LOWEST_SCALE = -10;
    static final int HIGHEST_SCALE = 20;

    private final int scale;
    private final Side positive;
    private final Side negative;
    private final long zeros;
    private final double zeroThreshold;

    /// The buckets of one sign. Bucket i holds absolute values in (base^(offset + i), base^(offset + i + 1)].
    static final class Side {

        private final int offset;
        private final long[] counts;

        /// @param counts not copied
        Side(int offset, long[] counts) {
            this.offset = offset;
            this.counts = counts;
            if (counts.length > ExplicitBuckets.MOST) {
                throw OtlpProblem.BAD_POINT.because(
                        "an exponential histogram has %d buckets, at most %d are taken",
                        counts.length, ExplicitBuckets.MOST);
            }
            for (long count : counts) {
                if (count < 0) {
                    throw OtlpProblem.BAD_POINT.because("a bucket of a histogram counts more than 2^63 values");
                }
            }
            if (offset > Integer.MAX_VALUE - ExplicitBuckets.MOST) {
                throw OtlpProblem.BAD_POINT.because("the offset of an exponential histogram is %d", offset);
            }
        }

        /// The same values where 2^levels buckets are one.
        private Side coarser(int levels) {
            if (levels == 0 || counts.length == 0) {
                return this;
            }
            int first = offset >> levels;
            int last = (offset + counts.length - 1) >> levels;
            long[] merged = new long[last - first + 1];
            for (int i = 0; i < counts.length; i++) {
                merged[((offset + i) >> levels) - first] += counts[i];
            }
            return new Side(first, merged);
        }

        /// What came since, or nothing if a bucket has lost values.
        private Optional<Side> minus(Side before) {
            long[] change = counts.clone();
            for (int i = 0; i < before.counts.length; i++) {
                long here = (long) before.offset + i - offset;
                if (before.counts[i] > 0) {
                    if (here < 0 || here >= change.length || change[(int) here] < before.counts[i]) {
                        return Optional.empty();
                    }
                    change[(int) here] -= before.counts[i];
                }
            }
            return Optional.of(new Side(offset, change));
        }

        private boolean says(Side other) {
            return other.offset == offset && Arrays.equals(other.counts, counts);
        }
    }

    /// @param zeroThreshold absolute values up to it are in the bucket around zero
    ExponentialBuckets(int scale, Side positive, Side negative, long zeros, double zeroThreshold) {
        if (scale < LOWEST_SCALE || scale > HIGHEST_SCALE) {
            throw OtlpProblem.BAD_POINT.because(
                    "the scale of an exponential histogram is %d; it is taken from %d to %d",
                    scale, LOWEST_SCALE, HIGHEST_SCALE);
        }
        if (zeros < 0 || !(zeroThreshold >= 0) || Double.isInfinite(zeroThreshold)) {
            throw OtlpProblem.BAD_POINT.because("the zero bucket of an exponential histogram is not valid");
        }
        this.scale = scale;
        this.positive = positive;
        this.negative = negative;
        this.zeros = zeros;
        this.zeroThreshold = zeroThreshold;
    }

    @Override
    public Optional<Distribution> since(Buckets earlier) {
        if (!(earlier instanceof ExponentialBuckets before)
                || before.zeroThreshold != zeroThreshold
                || before.zeros > zeros) {
            return Optional.empty();
        }
        int common = Math.min(scale, before.scale);
        Optional<Side> up = positive.coarser(scale - common).minus(before.positive.coarser(before.scale - common));
        Optional<Side> down = negative.coarser(scale - common).minus(before.negative.coarser(before.scale - common));
        return up.isPresent() && down.isPresent()
                ? Optional.of(new ExponentialBuckets(common, up.get(), down.get(), zeros - before.zeros, zeroThreshold)
                        .all(Double.NaN, Double.NaN))
                : Optional.empty();
    }

    @Override
    public Distribution all(double min, double max) {
        Distribution distribution = Distribution.geometric();
        for (int i = negative.counts.length - 1; i >= 0; i--) {
            add(
                    distribution,
                    -bound(negative.offset + i + 1),
                    -bound(negative.offset + i),
                    negative.counts[i],
                    min,
                    max);
        }
        boolean none = negative.counts.length == 0;
        add(distribution, none ? 0 : -zeroThreshold, zeroThreshold, zeros, min, max);
        for (int i = 0; i < positive.counts.length; i++) {
            add(distribution, bound(positive.offset + i), bound(positive.offset + i + 1), positive.counts[i], min, max);
        }
        return distribution;
    }

    /// No value of a bucket is outside what is known of the smallest and largest.
    private static void add(Distribution distribution, double lower, double upper, long count, double min, double max) {
        double low = min > lower && min <= upper ? min : lower;
        double high = max < upper && max >= low ? max : upper;
        distribution.add(low, high, (double) count);
    }

    /// Base to the power of an index.
    private double bound(int index) {
        return Math.pow(2, Math.scalb((double) index, -scale));
    }

    @Override
    public boolean says(Buckets other) {
        return other instanceof ExponentialBuckets that
                && that.scale == scale
                && that.zeros == zeros
                && that.positive.says(positive)
                && that.negative.says(negative);
    }

    @Override
    public int bytes() {
        return 160 + 8 * (positive.counts.length + negative.counts.length);
    }
}
