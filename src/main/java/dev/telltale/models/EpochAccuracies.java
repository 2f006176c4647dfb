package dev.telltale.models;

import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.detection.ConfusionMatrix;
import dev.telltale.detection.DetectionProblem;
import dev.telltale.detection.Figure;
import dev.telltale.detection.ReconstructionErrors;
import dev.telltale.detection.ScoreScale;
import dev.telltale.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// Measures the network after each epoch, where there are annotations: the share of rows in each part whose
/// verdict would be that of the annotations, at the line that the threshold rule draws from the errors of
/// that moment. Annotated rows that nothing was learned from count too. Passes on what it hears.
final class EpochAccuracies implements TrainingListener {

    /// Rows of a part that are looked at, evenly spread over it, and normal rows that the line is drawn from
    /// likewise: so many tell an accuracy with a standard error of at most 0.008, and keep a long training
    /// from spending its time on them. The rule that draws its line by annotated rows looks at all that validate,
    /// since they are few.
    static final int MOST_ROWS = 4096;

    /// Empty where the part is, where nothing is annotated, or where the rule found no line.
    record Accuracies(OptionalDouble train, OptionalDouble validation, OptionalDouble test) {

        private static final Accuracies UNKNOWN =
                new Accuracies(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    private final TrainingData data;
    private final TrainingListener listener;
    private final int[] train;
    private final int[] validation;
    private final int[] test;
    private final int[] normal;
    private final List<Accuracies> epochs = new ArrayList<>();

    EpochAccuracies(TrainingData data, TrainingListener listener) {
        this.data = data;
        this.listener = listener;
        this.train = spread(data.parts().train());
        this.validation = spread(data.parts().validation());
        this.test = spread(data.parts().test());
        this.normal = spread(data.normal());
    }

    private static int[] spread(int[] rows) {
        int count = Math.min(rows.length, MOST_ROWS);
        return IntStream.range(0, count)
                .map(i -> rows[(int) ((long) i * rows.length / count)])
                .toArray();
    }

    /// @param epoch one that is over, from 1
    Accuracies after(int epoch) {
        return epochs.isEmpty() ? Accuracies.UNKNOWN : epochs.get(epoch - 1);
    }

    @Override
    public void epochTrained(Reconstructor network) {
        if (data.hasAnnotations()) {
            epochs.add(measure(new RowErrors(network)));
        }
        listener.epochTrained(network);
    }

    @Override
    public void epochDone(EpochLosses losses) {
        listener.epochDone(losses);
    }

    @Override
    public boolean cancelled() {
        return listener.cancelled();
    }

    private Accuracies measure(RowErrors errors) {
        try {
            ScoreScale scale = data.scale(errors::of, normal);
            return new Accuracies(
                    accuracy(errors, scale, train), accuracy(errors, scale, validation), accuracy(errors, scale, test));
        } catch (Problem problem) {
            if (problem.type() != DetectionProblem.NO_ANNOTATED_ROWS) {
                throw problem;
            }
            return Accuracies.UNKNOWN; // a later epoch may tell annotated rows apart
        }
    }

    private OptionalDouble accuracy(RowErrors errors, ScoreScale scale, int[] rows) {
        boolean[] reported = errors.of(rows).above(scale.line());
        return switch (ConfusionMatrix.of(reported, data.anomalous(rows)).accuracy()) {
            case Figure.Known(double value) -> OptionalDouble.of(value);
            case Figure.Undefined _ -> OptionalDouble.empty();
        };
    }

    /// The errors of one network, each taken once however often its row is asked for: normal rows draw the
    /// line and are judged by it.
    private final class RowErrors {

        private final Reconstructor network;
        private final double[] known = new double[data.frame().rows()];

        RowErrors(Reconstructor network) {
            this.network = network;
            Arrays.fill(known, Double.NaN);
        }

        ReconstructionErrors of(int[] rows) {
            int[] unknown =
                    IntStream.of(rows).filter(row -> Double.isNaN(known[row])).toArray();
            ReconstructionErrors errors = data.errors(network, unknown);
            for (int i = 0; i < unknown.length; i++) {
                known[unknown[i]] = errors.value(i);
            }
            return new ReconstructionErrors(
                    IntStream.of(rows).mapToDouble(row -> known[row]).toArray());
        }
    }
}
