package dev.telltale.autoencoder;

/// Ends a training that has ceased to improve; the best weights are kept.
///
/// @param patience epochs in a row without improvement after which it ends, from 1 to 10,000
/// @param minDelta what the validation loss must fall by to count as an improvement, at least 0
public record EarlyStopping(int patience, double minDelta) {

    public EarlyStopping {
        if (patience < 1 || patience > TrainingSettings.MOST_EPOCHS) {
            throw AutoencoderProblem.BAD_TRAINING.because(
                    "patience must be from 1 to %d epochs, was %d", TrainingSettings.MOST_EPOCHS, patience);
        }
        if (!(minDelta >= 0 && minDelta <= Double.MAX_VALUE)) {
            throw AutoencoderProblem.BAD_TRAINING.because("minDelta must be at least 0 and finite, was %s", minDelta);
        }
    }
}
