package dev.telltale.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Which channels a frame gets besides those of its series. Those of values stand behind the series, those of
/// time behind all, and no row is judged by these: they say when a value is, not what it is.
///
/// @param values channels that are derived from a series
/// @param times a sine and a cosine each
public record Derivation(List<Derived> values, List<Feature.OfTime> times) {

    public static final Derivation NONE = new Derivation(List.of(), List.of());

    /// Of a frame with derived channels: 128 MiB.
    private static final int MOST_VALUES = 1 << 24;

    /// One channel.
    ///
    /// @param series number of the channel that it is derived from
    public record Derived(Feature.OfValues feature, int series) {}

    public Derivation {
        values = List.copyOf(values);
        times = List.copyOf(times);
    }

    /// How many channels are derived.
    public int channels() {
        return values.size() + 2 * times.size();
    }

    /// Rows before a row that its channels depend on.
    public int history() {
        return Stream.concat(values.stream().map(Derived::feature), times.stream())
                .mapToInt(Feature::history)
                .max()
                .orElse(0);
    }

    /// What the derived channels are called, such as `cpu.difference` and `hour-of-day.sine`.
    ///
    /// @param series what the channels of the series are called
    public List<String> names(List<String> series) {
        List<String> names = new ArrayList<>();
        values.forEach(
                one -> names.add(series.get(one.series()) + "." + one.feature().name()));
        times.forEach(one -> names.addAll(List.of(one.name() + ".sine", one.name() + ".cosine")));
        return names;
    }

    /// The same rows with the derived channels too. A row of which the history does not lie wholly in the unbroken
    /// stretch before it ends no window; a channel that it has no value in holds NaN there.
    ///
    /// @throws dev.telltale.problem.Problem TOO_MANY_ROWS if the values do not fit into memory
    public Frame derive(Frame series) {
        if (channels() == 0) {
            return series;
        }
        int channels = series.channels() + channels();
        if ((long) series.rows() * channels > MOST_VALUES) {
            throw SignalProblem.TOO_MANY_ROWS.because(
                    "%d rows of %d channels are more than fit into memory; choose a shorter range or fewer features",
                    series.rows(), channels);
        }
        double[] all = new double[series.rows() * channels];
        for (int channel = 0; channel < series.channels(); channel++) {
            int c = channel;
            put(all, channels, channel, row -> series.value(row, c));
        }
        int next = series.channels();
        for (Derived one : values) {
            double[] derived = column(one.feature(), series, one.series());
            put(all, channels, next++, row -> derived[row]);
        }
        for (Feature.OfTime one : times) {
            // StrictMath is specified down to its bits.
            put(all, channels, next++, row -> StrictMath.sin(2 * Math.PI * one.turn(series.time(row))));
            put(all, channels, next++, row -> StrictMath.cos(2 * Math.PI * one.turn(series.time(row))));
        }
        return series.with(all, channels, series.channels() + values.size(), history());
    }

    @FunctionalInterface
    private interface Column {
        double at(int row);
    }

    private static void put(double[] all, int channels, int channel, Column values) {
        for (int row = 0, at = channel; at < all.length; row++, at += channels) {
            all[at] = values.at(row);
        }
    }

    private static double[] column(Feature.OfValues feature, Frame series, int channel) {
        return switch (feature) {
            case Feature.Difference() -> differences(series, channel, 1);
            case Feature.Rate() -> differences(series, channel, series.grid().interval() / 1000.0);
            case Feature.RollingMean(int window) -> new Rolling(series, channel, window).means();
            case Feature.RollingDeviation(int window) -> new Rolling(series, channel, window).deviations();
            case Feature.Log1p() -> {
                double[] logs = new double[series.rows()];
                for (int row = 0; row < logs.length; row++) {
                    double value = series.value(row, channel);
                    logs[row] = Math.copySign(StrictMath.log1p(Math.abs(value)), value);
                }
                yield logs;
            }
        };
    }

    private static double[] differences(Frame series, int channel, double seconds) {
        double[] differences = new double[series.rows()];
        for (int row = 0; row < differences.length; row++) {
            differences[row] = row > 0 && series.unbroken(row - 1, row)
                    ? finite((series.value(row, channel) - series.value(row - 1, channel)) / seconds)
                    : Double.NaN;
        }
        return differences;
    }

    /// Two values can be further apart than any number is large.
    private static double finite(double value) {
        return Math.clamp(value, -Double.MAX_VALUE, Double.MAX_VALUE);
    }
}
