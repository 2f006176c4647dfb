package dev.telltale.models;

import dev.telltale.detection.Bounds;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// One row as a model judges it.
///
/// @param time of the row on the model's grid, epoch milliseconds UTC
/// @param values the last sample of the row in each series, and those derived from them, NaN where there is none
/// @param verdict absent where no full window ends in the row
/// @param explanation of the verdict, where one was asked for
public record ScoredRow(long time, List<Double> values, Optional<Verdict> verdict, Optional<Explanation> explanation) {

    /// What the model says of a row.
    ///
    /// @param error in squared scaled units
    /// @param partner its error for the model's partner, if there is one
    /// @param score above 1 where the row is anomalous
    /// @param channels one for each of the model's
    public record Verdict(
            double error, OptionalDouble partner, double score, boolean anomalous, List<Channel> channels) {}

    /// What the model says of one channel in a row; values are in units of the series.
    ///
    /// @param expected the reconstruction, absent where it is not a number
    /// @param bounds the values at which the row's error would reach the line of such errors, absent likewise and
    ///     where the other channels alone pass it
    /// @param contribution share of the row's squared error, in [0, 1], absent where that is 0 or not a number
    public record Channel(OptionalDouble expected, Optional<Bounds> bounds, OptionalDouble contribution) {}

    double value(int channel) {
        return values.get(channel);
    }

    /// The value, absent in a derived channel whose history is missing.
    OptionalDouble known(int channel) {
        return Double.isNaN(value(channel)) ? OptionalDouble.empty() : OptionalDouble.of(value(channel));
    }

    OptionalDouble error() {
        return verdict.isPresent() ? OptionalDouble.of(verdict.get().error()) : OptionalDouble.empty();
    }

    /// Above 1 where the row is anomalous, absent without a verdict.
    public OptionalDouble score() {
        return verdict.isPresent() ? OptionalDouble.of(verdict.get().score()) : OptionalDouble.empty();
    }

    boolean anomalous() {
        return verdict.isPresent() && verdict.get().anomalous();
    }

    OptionalDouble expected(int channel) {
        return verdict.isPresent() ? of(channel).expected() : OptionalDouble.empty();
    }

    OptionalDouble lower(int channel) {
        return verdict.isPresent() && of(channel).bounds().isPresent()
                ? OptionalDouble.of(of(channel).bounds().get().lower())
                : OptionalDouble.empty();
    }

    OptionalDouble upper(int channel) {
        return verdict.isPresent() && of(channel).bounds().isPresent()
                ? OptionalDouble.of(of(channel).bounds().get().upper())
                : OptionalDouble.empty();
    }

    OptionalDouble contribution(int channel) {
        return verdict.isPresent() ? of(channel).contribution() : OptionalDouble.empty();
    }

    private Channel of(int channel) {
        return verdict.orElseThrow().channels().get(channel);
    }
}
