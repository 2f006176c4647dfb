package dev.telltale.detection;

/// A generalised Pareto distribution of the errors above a threshold: how probable large errors are,
/// also larger ones than any seen.
///
/// @param threshold where the tail begins, in the units of the errors
/// @param shape in [0, 1]: 0 is the exponential tail, larger is heavier
/// @param scale positive, in the units of the errors
public record Tail(double threshold, double shape, double scale) {

    /// Below this a quotient of ordinary errors could overflow.
    private static final double SMALLEST_SCALE = 1e-290;

    public Tail {
        if (!(threshold >= 0 && threshold <= Double.MAX_VALUE)
                || !(shape >= 0 && shape <= 1)
                || !(scale >= SMALLEST_SCALE && scale <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "no tail has threshold " + threshold + ", shape " + shape + " and scale " + scale);
        }
    }

    /// The tail of some excesses, fitted by probability-weighted moments: from their mean a0 and the mean a1
    /// of each weighted by the share of excesses above it, shape 2 − a0/(a0 − 2·a1) and scale
    /// 2·a0·a1/(a0 − 2·a1). Lighter tails than the exponential count as exponential.
    ///
    /// @param errors ascending, those from `from` on above the threshold; at least one
    /// @see <a href="https://doi.org/10.1080/00401706.1987.10488243">Hosking and Wallis (1987)</a>
    static Tail fit(double threshold, double[] errors, int from) {
        int count = errors.length - from;
        // Moments of shares of the largest excess: sums of 1e308 would overflow.
        double largest = errors[errors.length - 1] - threshold;
        double sum = 0;
        double weighted = 0;
        for (int j = 1; j <= count; j++) {
            double share = (errors[from + j - 1] - threshold) / largest;
            sum += share;
            weighted += share * (count - j);
        }
        double a0 = sum / count;
        double a1 = count == 1 ? a0 / 2 : weighted / count / (count - 1); // one excess has no shape
        double heavy = a0 - 2 * a1;
        double shape = heavy > 0 ? 2 - a0 / heavy : 0;
        return shape > 0
                ? of(threshold, Math.min(shape, 1), 2 * a0 * a1 / heavy * largest)
                : of(threshold, 0, a0 * largest);
    }

    /// The exponential tail of a mean excess.
    static Tail exponential(double threshold, double mean) {
        return of(threshold, 0, mean);
    }

    private static Tail of(double threshold, double shape, double scale) {
        return new Tail(threshold, shape, Math.clamp(scale, SMALLEST_SCALE, Double.MAX_VALUE));
    }

    /// −ln of the probability that an error above the threshold is above this one too.
    ///
    /// @param error at least the threshold
    double evidence(double error) {
        double distance = (error - threshold) / scale;
        return Math.min(shape == 0 ? distance : Math.log1p(shape * distance) / shape, Double.MAX_VALUE);
    }

    /// The error of an evidence: the inverse.
    double error(double evidence) {
        double distance = shape == 0 ? evidence : Math.expm1(shape * evidence) / shape;
        return Math.min(threshold + distance * scale, Double.MAX_VALUE);
    }
}
