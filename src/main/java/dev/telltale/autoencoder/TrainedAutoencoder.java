package dev.telltale.autoencoder;

import java.util.List;

/// What a training gives.
///
/// @param weights those of the best epoch
/// @param history one entry for each epoch run
/// @param bestEpoch the epoch with the lowest validation loss where early stopping watched it, else the last
public record TrainedAutoencoder(Weights weights, List<EpochLosses> history, int bestEpoch) {

    public TrainedAutoencoder {
        history = List.copyOf(history);
    }
}
