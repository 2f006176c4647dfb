package dev.telltale.signal;

import dev.telltale.series.Samples;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.descriptive.Median;

/// The moments at which a frame has rows. The row at time t stands for the samples in (t − interval, t].
///
/// @param interval milliseconds from one row to the next, from 1 to a hundred years
/// @param origin time of row 0, epoch milliseconds UTC; rows before it have negative numbers
public record Grid(long interval, long origin) {

    private static final long LONGEST_INTERVAL = 100L * 366 * 24 * 60 * 60 * 1000;

    public Grid {
        if (interval < 1 || interval > LONGEST_INTERVAL) {
            throw SignalProblem.BAD_GRID.because(
                    "interval must be from 1 to %d milliseconds, was %d", LONGEST_INTERVAL, interval);
        }
    }

    /// The grid on which series stand by themselves. Its interval is the median step between samples; of
    /// several series the slowest sets the pace, or rows would have to be made up for it.
    ///
    /// @throws dev.telltale.problem.Problem NOT_ENOUGH_DATA if no series has two samples
    public static Grid infer(List<Samples> series) {
        double interval = series.stream()
                .filter(samples -> samples.count() > 1)
                .mapToDouble(Grid::medianStep)
                .max()
                .orElseThrow(() -> SignalProblem.NOT_ENOUGH_DATA
                        .because(
                                "an interval can be read off 2 samples or more, the longest series has %d;"
                                        + " give the interval or a longer range",
                                longest(series))
                        .with("required", 2)
                        .with("got", longest(series)));
        return infer(series, Math.round(interval));
    }

    /// The grid of a given interval. One series has its first sample on a row; several meet at multiples
    /// of the interval since the epoch, so that none of them is favoured.
    ///
    /// @param interval milliseconds
    /// @throws dev.telltale.problem.Problem NOT_ENOUGH_DATA if there is no sample
    public static Grid infer(List<Samples> series, long interval) {
        if (longest(series) == 0) {
            throw SignalProblem.NOT_ENOUGH_DATA
                    .because("the range holds no sample; give a range that does")
                    .with("required", 1)
                    .with("got", 0);
        }
        return new Grid(interval, series.size() == 1 ? series.getFirst().time(0) : 0);
    }

    /// The row whose interval holds a time, which may be negative.
    public long rowAt(long time) {
        return Math.ceilDiv(Math.subtractExact(time, origin), interval);
    }

    /// The time of a row, epoch milliseconds UTC.
    public long timeOf(long row) {
        return origin + row * interval;
    }

    private static int longest(List<Samples> series) {
        return series.stream().mapToInt(Samples::count).max().orElse(0);
    }

    private static double medianStep(Samples samples) {
        double[] steps = new double[samples.count() - 1];
        Arrays.setAll(steps, i -> samples.time(i + 1) - samples.time(i));
        return Median.withDefaults().evaluate(steps);
    }
}
