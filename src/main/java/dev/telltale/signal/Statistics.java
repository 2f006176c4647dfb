package dev.telltale.signal;

import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.StandardDeviation;

/// Mean, deviation and quantiles of finite values of any size. They neither overflow nor stray by a
/// rounding from values that are all equal: a line drawn a last bit below equal errors would call every
/// one of them anomalous.
public final class Statistics {

    private Statistics() {}

    /// The arithmetic mean of at least one value.
    public static double mean(double[] values) {
        double min = Arrays.stream(values).min().orElseThrow();
        double max = Arrays.stream(values).max().orElseThrow();
        return Math.clamp(Mean.of(values).getAsDouble(), min, max);
    }

    /// The root of the mean squared distance from the mean (divided by n, not n − 1); 0 without values.
    public static double deviation(double[] values) {
        double largest = Arrays.stream(values).map(Math::abs).max().orElse(0);
        if (largest == 0) {
            return 0;
        }
        double[] shares = Arrays.stream(values).map(value -> value / largest).toArray();
        return largest * StandardDeviation.of(shares).setBiased(true).getAsDouble();
    }

    /// The q-quantile, interpolated linearly between neighbours.
    ///
    /// @param sorted at least one value, ascending
    /// @param q in [0, 1]
    /// @see <a href="https://doi.org/10.1080/00031305.1996.10473566">Hyndman and Fan (1996), definition 7</a>
    public static double quantile(double[] sorted, double q) {
        double at = q * (sorted.length - 1);
        int index = (int) at;
        double below = sorted[index];
        double above = sorted[Math.min(index + 1, sorted.length - 1)];
        double share = at - index;
        return Math.clamp(below * (1 - share) + above * share, below, above);
    }
}
