package dev.telltale.models;

import dev.telltale.detection.Bounds;
import java.util.Optional;
import java.util.OptionalDouble;

/// One row of a series as a model judges it.
///
/// @param time of the row on the model's grid, epoch milliseconds UTC
/// @param value the last sample of the row
/// @param verdict absent where no full window ends in the row
public record ScoredRow(long time, double value, Optional<Verdict> verdict) {

    /// What the model says of a row; values are in units of the series.
    ///
    /// @param expected the reconstruction, absent where it is not a number
    /// @param bounds the values at which the error would reach the line, absent likewise
    /// @param error in squared scaled units
    /// @param score above 1 where the row is anomalous
    public record Verdict(
            OptionalDouble expected, Optional<Bounds> bounds, double error, double score, boolean anomalous) {}
}
