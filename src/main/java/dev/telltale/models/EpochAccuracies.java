package dev.telltale.models;

import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.detection.ConfusionMatrix;
import dev.telltale.detection.Figure;
import dev.telltale.detection.ScoreScale;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// Measures the network after each epoch, where there are annotations: the share of rows in each part whose
/// verdict would be that of the annotations, at the line that the threshold rule draws from the errors of
/// that moment. All rows count, the annotated ones that nothing was learned from too. Passes on what it hears.
final class EpochAccuracies implements TrainingListener {

    /// Empty where the part is, or nothing is annotated.
    record Accuracies(OptionalDouble train, OptionalDouble validation, OptionalDouble test) {

        private static final Accuracies UNKNOWN =
                new Accuracies(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    private final TrainingData data;
    private final TrainingListener listener;
    private final List<Accuracies> epochs = new ArrayList<>();

    EpochAccuracies(TrainingData data, TrainingListener listener) {
        this.data = data;
        this.listener = listener;
    }

    /// @param epoch one that is over, from 1
    Accuracies after(int epoch) {
        return epochs.isEmpty() ? Accuracies.UNKNOWN : epochs.get(epoch - 1);
    }

    @Override
    public void epochTrained(Reconstructor network) {
        if (data.hasAnnotations()) {
            epochs.add(measure(network));
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

    private Accuracies measure(Reconstructor network) {
        ScoreScale scale = data.scale(network);
        return new Accuracies(
                accuracy(network, scale, data.parts().train()),
                accuracy(network, scale, data.parts().validation()),
                accuracy(network, scale, data.parts().test()));
    }

    private OptionalDouble accuracy(Reconstructor network, ScoreScale scale, int[] rows) {
        boolean[] reported = data.errors(network, rows).above(scale.line());
        return switch (ConfusionMatrix.of(reported, data.anomalous(rows)).accuracy()) {
            case Figure.Known(double value) -> OptionalDouble.of(value);
            case Figure.Undefined _ -> OptionalDouble.empty();
        };
    }
}
