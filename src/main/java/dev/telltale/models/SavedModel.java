package dev.telltale.models;

import dev.telltale.autoencoder.Weights;

/// A model version as it lies on disk: all it says of itself, and what it has learned.
record SavedModel(Manifest manifest, Weights weights) {}
