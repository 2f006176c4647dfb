package dev.telltale.signal;

import dev.telltale.http.TimeParser;
import dev.telltale.series.Samples;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.commons.statistics.descriptive.Median;

/// The moments at which a frame has rows. The row at time t stands for the samples in (t − interval, t].
///
/// @param interval milliseconds from one row to the next, from 1 to a hundred years
/// @param origin time of row 0, epoch milliseconds UTC from the year 0 to 9999; rows before it have
///     negative numbers
public record Grid(long interval, long origin) {

    private static final long LONGEST_INTERVAL = 100L * 366 * 24 * 60 * 60 * 1000;

    public Grid {
        if (interval < 1 || interval > LONGEST_INTERVAL) {
            throw SignalProblem.BAD_GRID.because(
                    "interval must be from 1 to %d milliseconds, was %d", LONGEST_INTERVAL, interval);
        }
        if (origin < TimeParser.FIRST || origin > TimeParser.LAST) {
            throw SignalProblem.BAD_GRID.because("origin must be a time from the year 0 to 9999, was %d", origin);
        }
    }

    /// The grid of series. The interval of each is the one it states, else its median step; of several the
    /// longest counts, or rows would have to be made up for the slowest. One series has its first sample on
    /// a row; several meet at multiples of the interval since the epoch, so that none of them is favoured.
    ///
    /// @param stated interval of each series in milliseconds, where somebody stated it
    /// @throws dev.telltale.problem.Problem NOT_ENOUGH_DATA if there is no sample, or no interval is stated
    ///     and no series has two samples
    public static Grid infer(List<Samples> series, List<OptionalLong> stated) {
        int longest = series.stream().mapToInt(Samples::count).max().orElse(0);
        if (longest == 0) {
            throw SignalProblem.NOT_ENOUGH_DATA
                    .because("the range holds no sample; give a range that does")
                    .with("required", 1)
                    .with("got", 0);
        }
        long interval = IntStream.range(0, series.size())
                .mapToObj(i -> stated.get(i).isPresent() ? stated.get(i) : medianStep(series.get(i)))
                .flatMapToLong(OptionalLong::stream)
                .max()
                .orElseThrow(() -> SignalProblem.NOT_ENOUGH_DATA
                        .because(
                                "an interval can be read off 2 samples or more, the longest series has %d;"
                                        + " give the interval or a longer range",
                                longest)
                        .with("required", 2)
                        .with("got", longest));
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

    private static OptionalLong medianStep(Samples samples) {
        if (samples.count() < 2) {
            return OptionalLong.empty();
        }
        double[] steps = new double[samples.count() - 1];
        Arrays.setAll(steps, i -> samples.time(i + 1) - samples.time(i));
        return OptionalLong.of(Math.round(Median.withDefaults().evaluate(steps)));
    }
}
