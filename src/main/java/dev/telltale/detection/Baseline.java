package dev.telltale.detection;

import dev.telltale.signal.Frame;
import dev.telltale.signal.Statistics;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A plain judge of rows, learned in one pass over those that end the windows a network was trained on. A
/// network that ranks no better than one of these is not worth its training.
public sealed interface Baseline {

    /// What is ordinary for a quantity.
    ///
    /// @param center in its units, finite
    /// @param deviation what stands for one standard deviation, in its units, finite and positive
    record Ordinary(double center, double deviation) {

        /// The median absolute deviation of a normal distribution times this is its standard deviation.
        private static final double MEDIAN_TO_DEVIATION = 1.4826;

        /// The same for the mean absolute deviation.
        private static final double MEAN_TO_DEVIATION = 1.2533;

        /// As for a constant channel's scaling.
        private static final double CHANGE_OF_NOTHING = 1e-9;

        public Ordinary {
            if (!Double.isFinite(center) || !(deviation > 0 && deviation <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("nothing is " + center + " give or take " + deviation);
            }
        }

        /// What is ordinary around a center. Where more than half of the values rest on it their mean
        /// distance from it counts; where all do, any change is out of the ordinary.
        /// After the modified z-scores of Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993).
        static Ordinary around(double center, double[] values) {
            double[] distances = Arrays.stream(values)
                    .map(value -> Math.min(Math.abs(value - center), Double.MAX_VALUE / 2))
                    .sorted()
                    .toArray();
            double median = distances.length == 0 ? 0 : Statistics.quantile(distances, 0.5);
            double mean = distances.length == 0 ? 0 : Statistics.mean(distances);
            double deviation = median > 0
                    ? median * MEDIAN_TO_DEVIATION
                    : mean > 0 ? mean * MEAN_TO_DEVIATION : CHANGE_OF_NOTHING * Math.max(1, Math.abs(center));
            return new Ordinary(center, Math.max(deviation, Double.MIN_NORMAL));
        }

        /// How many deviations away from the center, at least 0 and finite.
        double deviations(double value) {
            return Math.min(Math.abs(value - center) / deviation, Double.MAX_VALUE);
        }
    }

    /// How far a value is from the median, in deviations; of several channels the farthest counts.
    ///
    /// @param channels values of each
    record RobustZScore(List<Ordinary> channels) implements Baseline {

        public RobustZScore {
            channels = List.copyOf(channels);
        }
    }

    /// How far a value is from the one before, in deviations of such steps around 0; of several channels
    /// the farthest counts. The first row after a split has no step: 0.
    ///
    /// @param channels steps of each
    record Difference(List<Ordinary> channels) implements Baseline {

        public Difference {
            channels = List.copyOf(channels);
        }
    }

    /// All of them.
    ///
    /// @param rows positions in the frame of the normal rows to learn from
    static List<Baseline> learn(Frame frame, int[] rows) {
        return List.of(
                new RobustZScore(IntStream.range(0, frame.channels())
                        .mapToObj(channel -> values(frame, channel, rows))
                        .map(values -> Ordinary.around(median(values), values))
                        .toList()),
                new Difference(IntStream.range(0, frame.channels())
                        .mapToObj(channel -> steps(frame, channel, rows))
                        .map(steps -> Ordinary.around(0, steps))
                        .toList()));
    }

    /// As the API calls it.
    default String name() {
        return switch (this) {
            case RobustZScore _ -> "robust-z-score";
            case Difference _ -> "difference";
        };
    }

    /// How unlikely it finds each of these rows, in deviations: larger is more anomalous. They are to a
    /// threshold rule what a network's errors are.
    ///
    /// @param rows positions in the frame
    default ReconstructionErrors errors(Frame frame, int[] rows) {
        double[] errors = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int channel = 0; channel < frame.channels(); channel++) {
                errors[i] = Math.max(errors[i], deviations(frame, channel, rows[i]));
            }
        }
        return new ReconstructionErrors(errors);
    }

    private double deviations(Frame frame, int channel, int row) {
        return switch (this) {
            case RobustZScore(List<Ordinary> channels) -> channels.get(channel).deviations(frame.value(row, channel));
            case Difference(List<Ordinary> channels) ->
                hasStep(frame, row) ? channels.get(channel).deviations(step(frame, channel, row)) : 0;
        };
    }

    private static double[] values(Frame frame, int channel, int[] rows) {
        return Arrays.stream(rows).mapToDouble(row -> frame.value(row, channel)).toArray();
    }

    private static double[] steps(Frame frame, int channel, int[] rows) {
        return Arrays.stream(rows)
                .filter(row -> hasStep(frame, row))
                .mapToDouble(row -> step(frame, channel, row))
                .toArray();
    }

    private static boolean hasStep(Frame frame, int row) {
        return row > 0 && frame.unbroken(row - 1, row);
    }

    /// Finite, however far two values are apart.
    private static double step(Frame frame, int channel, int row) {
        double step = frame.value(row, channel) - frame.value(row - 1, channel);
        return Math.clamp(step, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return Statistics.quantile(sorted, 0.5);
    }
}
