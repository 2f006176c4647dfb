package dev.telltale.detection;

import dev.telltale.signal.Frame;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Statistics;
import dev.telltale.signal.Windowing;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A plain judge of rows, learned in one pass over those that end the windows a network was trained on. A
/// network that ranks no better than one of these is not worth its training.
public sealed interface Baseline permits Baseline.RobustZScore, Baseline.Difference, CutForest {

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

        static RobustZScore learn(Frame frame, int[] rows) {
            return new RobustZScore(IntStream.range(0, frame.channels())
                    .mapToObj(channel -> values(frame, channel, rows))
                    .map(values -> Ordinary.around(median(values), values))
                    .toList());
        }

        @Override
        public String name() {
            return "robust-z-score";
        }

        @Override
        public ReconstructionErrors errors(Frame frame, int[] rows) {
            return farthest(frame, rows, (row, channel) -> channels.get(channel).deviations(frame.value(row, channel)));
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

        static Difference learn(Frame frame, int[] rows) {
            return new Difference(IntStream.range(0, frame.channels())
                    .mapToObj(channel -> steps(frame, channel, rows))
                    .map(steps -> Ordinary.around(0, steps))
                    .toList());
        }

        @Override
        public String name() {
            return "difference";
        }

        @Override
        public ReconstructionErrors errors(Frame frame, int[] rows) {
            return farthest(
                    frame,
                    rows,
                    (row, channel) ->
                            hasStep(frame, row) ? channels.get(channel).deviations(step(frame, channel, row)) : 0);
        }
    }

    /// All of them.
    ///
    /// @param scaling and windowing of the network that they stand beside
    /// @param rows last rows of the windows to learn from
    /// @param seed of those that chance has a part in
    static List<Baseline> learn(Frame frame, Scaling scaling, Windowing windowing, int[] rows, long seed) {
        return List.of(
                RobustZScore.learn(frame, rows),
                Difference.learn(frame, rows),
                CutForest.learn(frame, scaling, windowing, rows, seed));
    }

    /// As the API calls it.
    String name();

    /// How unlikely it finds each of these rows: larger is more anomalous. They are to a threshold rule what a
    /// network's errors are.
    ///
    /// @param rows positions in the frame
    ReconstructionErrors errors(Frame frame, int[] rows);

    /// How far one channel of a row is from what is ordinary.
    @FunctionalInterface
    interface Deviations {

        double of(int row, int channel);
    }

    private static ReconstructionErrors farthest(Frame frame, int[] rows, Deviations deviations) {
        double[] errors = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int channel = 0; channel < frame.channels(); channel++) {
                errors[i] = Math.max(errors[i], deviations.of(rows[i], channel));
            }
        }
        return new ReconstructionErrors(errors);
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
