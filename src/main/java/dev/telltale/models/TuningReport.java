package dev.telltale.models;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of a tuning.
@Schema(name = "TuningReport")
record TuningReport(
        @Schema(description = "the model that the best candidate became", example = "disk-writes-tuned")
        String model,

        Tuning.Objective objective,

        @Schema(description = "that were run, the last one included, which made the model", example = "20")
        int trainings,

        @Schema(description = "candidates, the best first; those trained longer stand before others")
        List<Ranked> ranking) {

    TuningReport {
        ranking = List.copyOf(ranking);
    }

    /// One candidate, as it did when it was trained last.
    @Schema(name = "RankedCandidate")
    record Ranked(
            ArchitectureForm architecture,

            @Schema(description = "rows in a window", example = "32")
            int length,

            @Schema(example = "0.001") double learningRate,

            @Schema(description = "null: as the architecture says", example = "0.1") @Nullable
            Double dropout,

            @Schema(example = "0.0") double weightDecay,

            @Schema(description = "of its last training", example = "50")
            int epochs,

            @Schema(description = "in terms of the objective, null where it is not defined", example = "0.0021")
            @Nullable
            Double value,

            @Schema(description = "why it could not be trained", example = "null") @Nullable
            String problem) {}
}
