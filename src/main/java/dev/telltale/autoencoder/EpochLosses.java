package dev.telltale.autoencoder;

import java.util.OptionalDouble;

/// Mean squared errors of one epoch, in squared scaled units.
///
/// @param epoch from 1
/// @param trainLoss mean of the batch losses, taken while the weights change
/// @param validationLoss after the epoch, without dropout; empty where there are no such windows
/// @param testLoss likewise
public record EpochLosses(int epoch, double trainLoss, OptionalDouble validationLoss, OptionalDouble testLoss) {}
