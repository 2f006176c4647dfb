package dev.telltale.models;

import dev.telltale.autoencoder.Weights;

/// A model version as it lies on disk: all it says of itself, and what it has learned.
///
/// @param weights of the network, and behind them what its partner keeps as a tensor
record SavedModel(Manifest manifest, Weights weights) {

    /// Those of the network alone.
    Weights network() {
        return new Weights(weights.parameters().stream()
                .filter(parameter -> !parameter.name().equals(Hybrid.POINTS))
                .toList());
    }
}
