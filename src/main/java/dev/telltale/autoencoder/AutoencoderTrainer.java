package dev.telltale.autoencoder;

import dev.telltale.signal.Windows;

/// Trains networks, one at a time per process: the engine can follow the gradients of one training only.
public interface AutoencoderTrainer {

    /// Trains a new network on the calling thread, which must be a platform thread.
    ///
    /// @param train at least one window, shape (N, L, C); all others of the same L and C
    /// @param contrast what it shall not give back well
    /// @param validation decides about early stopping, which is off where this is empty
    /// @param test only measured
    /// @throws dev.telltale.problem.Problem if the windows do not fit the architecture or the loss is no
    ///     longer a finite number
    /// @throws TrainingCancelled if the listener asked for it
    /// @throws IllegalStateException if another training runs in this process
    TrainedAutoencoder train(
            Architecture architecture,
            Windows train,
            Contrast contrast,
            Windows validation,
            Windows test,
            TrainingSettings settings,
            TrainingListener listener);

    /// As above, with nothing to push away from.
    default TrainedAutoencoder train(
            Architecture architecture,
            Windows train,
            Windows validation,
            Windows test,
            TrainingSettings settings,
            TrainingListener listener) {
        Contrast none = Contrast.none(train.length(), train.channels());
        return train(architecture, train, none, validation, test, settings, listener);
    }
}
