package dev.telltale.autoencoder.torch;

import dev.telltale.autoencoder.EarlyStopping;
import java.util.Optional;
import java.util.OptionalDouble;

/// The epoch whose weights are kept: where early stopping watches, that of the lowest validation loss,
/// else the last.
final class BestEpoch {

    private final Optional<EarlyStopping> stopping;
    private int epoch;
    private double lowest = Double.POSITIVE_INFINITY;
    private double toBeat = Double.POSITIVE_INFINITY;
    private int waited;

    BestEpoch(Optional<EarlyStopping> stopping) {
        this.stopping = stopping;
    }

    /// Takes note of an epoch that is over, and says whether its weights are to be kept.
    ///
    /// @param validationLoss present where early stopping is
    boolean see(int over, OptionalDouble validationLoss) {
        if (stopping.isEmpty()) {
            epoch = over;
            return true;
        }
        double loss = validationLoss.orElseThrow();
        // Patience counts from the last fall by minDelta; smaller falls in a row may add up to one.
        if (loss < toBeat - stopping.get().minDelta()) {
            toBeat = loss;
            waited = 0;
        } else {
            waited++;
        }
        if (loss >= lowest) {
            return false;
        }
        lowest = loss;
        epoch = over;
        return true;
    }

    /// Whether more epochs are no longer worth their time.
    boolean patienceLost() {
        return stopping.isPresent() && waited >= stopping.get().patience();
    }

    int epoch() {
        return epoch;
    }
}
