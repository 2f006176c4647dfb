package dev.telltale.models;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a row got its verdict.
///
/// @param evidence one entry for each judge of the row
/// @param line the error that scores 1 by itself, in squared scaled units
/// @param margin the line less the row's error, negative where that alone makes the row anomalous
/// @param nearest null where nothing was searched, or nothing is left to search
public record Explanation(
        List<Evidence> evidence,

        @Schema(
                description = "the error that scores 1, in squared scaled units; of a model with a partner, that would"
                        + " score 1 if there were no other evidence",
                example = "0.0031")
        double line,

        @Schema(
                description = "`line` less the row's error, negative where that alone makes the row anomalous",
                example = "-0.978")
        double margin,

        @Nullable Nearest nearest,

        @Schema(description = "what to know of the data before the verdict is trusted")
        List<Flag> flags) {

    public Explanation {
        evidence = List.copyOf(evidence);
        flags = List.copyOf(flags);
    }

    /// What one judge says of a row.
    ///
    /// @param share of the row's evidence, in [0, 1]; all sum to 1
    @Schema(name = "Evidence")
    public record Evidence(
            @Schema(description = "`reconstruction`, or the model's partner", example = "reconstruction")
            String of,

            @Schema(
                    description = "how likely a normal row is to have an error as large, by the calibration; 0 where"
                            + " that is less than a double can be",
                    example = "0.0000013")
            double tailProbability,

            @Schema(description = "−ln of that, finite", example = "13.55")
            double evidence,

            @Schema(description = "of the row's evidence; all sum to 1", example = "1.0")
            double share) {}

    /// The window learned from that is most like the one that ends in the row.
    ///
    /// @param start time of its first row
    /// @param end time of its last row
    @Schema(
            name = "NearestWindow",
            description = "the window learned from that is most like the one that ends in the row: searched for the"
                    + " first 100 anomalous rows of an answer, among the samples the model was trained on if they are"
                    + " still stored as they were, and are 1,000,000 at the most; else null")
    public record Nearest(
            @Schema(description = "time of its first row") Instant start,
            @Schema(description = "time of its last row") Instant end,

            @Schema(
                    description = "root of the mean squared difference between the two windows, in scaled units",
                    example = "0.412")
            double distance) {}

    /// What to know of the data before a verdict is trusted.
    @Schema(
            name = "DataFlag",
            description = "`filled`: the window has rows that no sample lies in, the gap policy filled them."
                    + " `cut-off`: a value is so far from those learned from that it was cut off before the network."
                    + " `beyond-learned`: a value of the row lies outside of all learned from; only said while these are"
                    + " stored. `extrapolated`: an error is larger than any normal one, so its probability follows"
                    + " from the shape of the tail. `few-rows`: there were too few normal rows for a probability to mean"
                    + " much, and the score is a multiple of the line.")
    public enum Flag {
        FILLED,
        CUT_OFF,
        BEYOND_LEARNED,
        EXTRAPOLATED,
        FEW_ROWS
    }
}
