package dev.telltale.models;

import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.signal.Windowing;
import java.util.Optional;

/// One choice of a tuning.
///
/// @param dropout absent: as the architecture says
record Candidate(
        ModelSpecification base,
        Architecture architecture,
        int length,
        double learningRate,
        Optional<Double> dropout,
        double weightDecay) {

    /// What is trained.
    ///
    /// @throws dev.telltale.problem.Problem if its values do not fit each other
    ModelSpecification specification(int epochs) {
        TrainingSettings settings = base.training();
        Architecture chosen = dropout.isPresent()
                ? architecture.spelledOut(length, base.channels()).withDropout(dropout.get())
                : architecture;
        ModelSpecification specification = base.with(
                chosen,
                new Windowing(length, base.windowing().stride()),
                new TrainingSettings(
                        epochs,
                        settings.batchSize(),
                        learningRate,
                        settings.optimizer(),
                        weightDecay,
                        settings.earlyStopping(),
                        settings.seed()));
        specification.layers();
        return specification;
    }
}
