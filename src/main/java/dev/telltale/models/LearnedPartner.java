package dev.telltale.models;

import dev.telltale.detection.Baseline;
import dev.telltale.detection.Baseline.Ordinary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model's partner has learned, as a manifest keeps it. The points of a forest lie in the file as a tensor.
///
/// @param channels what is ordinary for each, of a robust z-score; null of a forest
/// @param calibration of its own errors
/// @param blend from the blend of both judges' evidence to scores
record LearnedPartner(@Nullable List<Ordinary> channels, Knots calibration, Scoring blend) {

    LearnedPartner {
        channels = channels == null ? null : List.copyOf(channels);
    }

    static LearnedPartner of(Hybrid hybrid) {
        return new LearnedPartner(
                hybrid.partner() instanceof Baseline.RobustZScore(List<Ordinary> channels) ? channels : null,
                Knots.of(hybrid.calibration()),
                Scoring.of(hybrid.scale()));
    }

    /// How many numbers calibration and blend hold for knots.
    int knots() {
        return calibration.errors().length + blend.errors().length;
    }
}
