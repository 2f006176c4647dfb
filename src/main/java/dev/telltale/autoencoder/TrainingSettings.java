package dev.telltale.autoencoder;

import java.util.Optional;

/// How a network is trained.
///
/// @param epochs passes over the training windows, from 1 to 10,000
/// @param batchSize windows in one step, from 1 to 65,536
/// @param learningRate in (0, 1]
/// @param weightDecay at least 0: L2 for Adam and SGD, decoupled for AdamW
/// @param earlyStopping absent: all epochs are run and the last weights kept
/// @param seed decides first weights, shuffling and dropout
public record TrainingSettings(
        int epochs,
        int batchSize,
        double learningRate,
        Optimizer optimizer,
        double weightDecay,
        Optional<EarlyStopping> earlyStopping,
        long seed) {

    public static final int MOST_EPOCHS = 10_000;
    public static final int LARGEST_BATCH = 65_536;

    public static final TrainingSettings DEFAULT =
            new TrainingSettings(50, 32, 0.001, new Optimizer.Adam(), 0, Optional.of(new EarlyStopping(5, 0.0001)), 42);

    public TrainingSettings {
        if (epochs < 1 || epochs > MOST_EPOCHS) {
            throw AutoencoderProblem.BAD_TRAINING.because("epochs must be from 1 to %d, was %d", MOST_EPOCHS, epochs);
        }
        if (batchSize < 1 || batchSize > LARGEST_BATCH) {
            throw AutoencoderProblem.BAD_TRAINING.because(
                    "batchSize must be from 1 to %d windows, was %d", LARGEST_BATCH, batchSize);
        }
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw AutoencoderProblem.BAD_TRAINING.because(
                    "learningRate must be above 0 and at most 1, was %s", learningRate);
        }
        if (!(weightDecay >= 0 && weightDecay <= Double.MAX_VALUE)) {
            throw AutoencoderProblem.BAD_TRAINING.because(
                    "weightDecay must be at least 0 and finite, was %s", weightDecay);
        }
    }
}
