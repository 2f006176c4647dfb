package dev.telltale.signal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The map from values to what a network sees, learned from training rows: each channel is shifted and
/// divided. A constant channel is divided by a billionth of its value, so that any change in it shows.
///
/// @param kind how it was learned
/// @param channels one shift and divisor for each of the C channels
public record Scaling(Kind kind, List<Channel> channels) {

    /// Scaled values are cut off here, on both sides, before they become 32-bit floats.
    public static final double LIMIT = 1e6;

    /// What is learned of a channel.
    public enum Kind {
        /// Smallest and largest value become 0 and 1.
        MIN_MAX,
        /// Mean 0, standard deviation 1.
        STANDARD,
        /// Median 0, distance from the first to the third quartile 1, so that outliers hardly matter.
        ROBUST,
        /// Values stay as they are.
        NONE,
    }

    /// One channel's shift and divisor, in units of the series.
    ///
    /// @param offset the value that becomes 0, finite
    /// @param scale the distance that becomes 1, finite and positive
    /// @param constant whether all training values were `offset`
    public record Channel(double offset, double scale, boolean constant) {

        public Channel {
            if (!Double.isFinite(offset) || !(scale > 0) || !Double.isFinite(scale)) {
                throw new IllegalArgumentException("cannot scale by offset " + offset + " and scale " + scale);
            }
        }

        double scale(double value) {
            double distance = value - offset;
            double scaled = Double.isFinite(distance) ? distance / scale : (value / 2 - offset / 2) / scale * 2;
            return Math.clamp(scaled, -LIMIT, LIMIT);
        }

        double unscale(double scaled) {
            return finite(offset + scaled * scale);
        }
    }

    public Scaling {
        channels = List.copyOf(channels);
        if (channels.isEmpty()) {
            throw new IllegalArgumentException("a scaling needs a channel");
        }
    }

    /// The scaling of a frame, learned from some of its rows.
    ///
    /// @param rows positions in the frame, at least one
    public static Scaling fit(Kind kind, Frame frame, int[] rows) {
        if (rows.length == 0) {
            throw SignalProblem.NOT_ENOUGH_DATA
                    .because("there is no row to learn the scaling from; give a longer range")
                    .with("required", 1)
                    .with("got", 0);
        }
        return new Scaling(
                kind,
                IntStream.range(0, frame.channels())
                        .mapToObj(channel -> fit(
                                kind,
                                Arrays.stream(rows)
                                        .mapToDouble(row -> frame.value(row, channel))
                                        .toArray()))
                        .toList());
    }

    private static Channel fit(Kind kind, double[] values) {
        double min = Arrays.stream(values).min().orElseThrow();
        double max = Arrays.stream(values).max().orElseThrow();
        if (min == max) {
            return new Channel(min + 0.0, Math.max(1e-9 * Math.abs(min), 1e-9), true);
        }
        return switch (kind) {
            case MIN_MAX -> varying(min, max - min);
            case STANDARD -> varying(Statistics.mean(values), Statistics.deviation(values));
            case ROBUST -> robust(values);
            case NONE -> varying(0, 1);
        };
    }

    /// A series that rests for more than half its rows can have both quartiles equal: then its standard
    /// deviation says what a large step is.
    private static Channel robust(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double spread = Statistics.quantile(sorted, 0.75) - Statistics.quantile(sorted, 0.25);
        return varying(Statistics.quantile(sorted, 0.5), spread > 0 ? spread : Statistics.deviation(values));
    }

    /// The distance between two doubles can be more than the largest one, and less than the smallest.
    private static Channel varying(double offset, double scale) {
        return new Channel(offset, Math.clamp(scale, Double.MIN_VALUE, Double.MAX_VALUE), false);
    }

    /// What the network sees of a value: within ±`LIMIT`, never NaN.
    public double scale(int channel, double value) {
        return channels.get(channel).scale(value);
    }

    /// The value that a scaled one stands for, in units of the series, finite.
    public double unscale(int channel, double scaled) {
        return channels.get(channel).unscale(scaled);
    }

    /// That of the first channels.
    public Scaling first(int count) {
        return new Scaling(kind, channels.subList(0, count));
    }

    /// Numbers of the channels that never changed in training.
    public List<Integer> constantChannels() {
        List<Integer> constant = new ArrayList<>();
        for (int c = 0; c < channels.size(); c++) {
            if (channels.get(c).constant()) {
                constant.add(c);
            }
        }
        return constant;
    }

    private static double finite(double value) {
        return Math.clamp(value, -Double.MAX_VALUE, Double.MAX_VALUE);
    }
}
