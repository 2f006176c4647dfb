package dev.telltale.series;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.StandardDeviation;
import org.jspecify.annotations.Nullable;

/// What a series looks like at a glance. Figures of the values are those of pandas' `describe`: quantiles
/// interpolate linearly, the deviation divides by n − 1.
///
/// @param count samples; all that follows is null when there are none
/// @param std null for one sample, or where it is beyond a double
/// @param first time of the first sample
/// @param last time of the last sample
/// @param interval median of the steps between different times, null below two of them
/// @param gaps steps longer than 1.5 intervals
/// @param duplicates rows whose time stood in an earlier row, 0 for a stored series
record SeriesSummary(
        long count,
        @Nullable Double mean,
        @Nullable Double std,
        @Nullable Double min,
        @Nullable Double p25,
        @Nullable Double p50,
        @Nullable Double p75,
        @Nullable Double max,
        @Nullable Instant first,
        @Nullable Instant last,
        @Nullable Duration interval,
        long gaps,
        long duplicates) {

    private static final double GAP_IN_INTERVALS = 1.5;

    static SeriesSummary of(Samples samples) {
        return of(samples.times(), samples.values());
    }

    /// @param times epoch milliseconds, ascending, where a time may stand several times
    /// @param values one finite value for each time
    static SeriesSummary of(long[] times, double[] values) {
        int count = values.length;
        if (count == 0) {
            return new SeriesSummary(0, null, null, null, null, null, null, null, null, null, null, 0, 0);
        }
        double[] quantiles =
                Quantile.withDefaults().with(Quantile.EstimationMethod.HF7).evaluate(values, 0, 0.25, 0.5, 0.75, 1);
        double[] steps = steps(times);
        double interval =
                steps.length == 0 ? 0 : Math.rint(Median.withDefaults().evaluate(steps));
        long gaps = Arrays.stream(steps)
                .filter(step -> step > GAP_IN_INTERVALS * interval)
                .count();
        return new SeriesSummary(
                count,
                unscaled(values, part -> Mean.of(part).getAsDouble()),
                count == 1
                        ? null
                        : unscaled(values, part -> StandardDeviation.of(part).getAsDouble()),
                quantiles[0],
                quantiles[1],
                quantiles[2],
                quantiles[3],
                quantiles[4],
                Instant.ofEpochMilli(times[0]),
                Instant.ofEpochMilli(times[count - 1]),
                steps.length == 0 ? null : Duration.ofMillis((long) interval),
                gaps,
                count - 1L - steps.length);
    }

    /// Steps between times that differ, in milliseconds.
    private static double[] steps(long[] times) {
        double[] steps = new double[times.length - 1];
        int count = 0;
        for (int i = 1; i < times.length; i++) {
            if (times[i] > times[i - 1]) {
                steps[count++] = times[i] - times[i - 1];
            }
        }
        return Arrays.copyOf(steps, count);
    }

    /// A statistic that scales with its values. Where sums of huge values pass the range of a double it is
    /// taken of values made smaller by a power of two; null if the result itself is beyond it.
    private static @Nullable Double unscaled(double[] values, ToDoubleFunction<double[]> statistic) {
        double plain = statistic.applyAsDouble(values);
        if (Double.isFinite(plain)) {
            return plain;
        }
        double[] smaller =
                Arrays.stream(values).map(value -> Math.scalb(value, -600)).toArray();
        double scaled = Math.scalb(statistic.applyAsDouble(smaller), 600);
        return Double.isFinite(scaled) ? scaled : null;
    }
}
