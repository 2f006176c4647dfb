package dev.telltale.models;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The shape of an answer, for its description.
@Schema(name = "Scores")
record Scores(
        @Schema(example = "disk-writes") String model,
        @Schema(example = "1") int version,
        List<Row> rows) {

    @Schema(name = "ScoredRow")
    record Row(
            @Schema(
                    description = "a moment of the model's grid: the end of the interval that the row stands for",
                    example = "2014-03-10T01:29:00Z")
            String timestamp,

            @Schema(
                    description = "the last sample of that interval; with several series see `channels`",
                    example = "547457000.0")
            @Nullable
            Double value,

            @Schema(description = "the reconstruction", example = "31250.5") @Nullable
            Double expected,

            @Schema(description = "below this value the error would make the row anomalous by itself", example = "0.0")
            @Nullable
            Double lower,

            @Schema(
                    description = "above this value the error would make the row anomalous by itself",
                    example = "94371840.0")
            @Nullable
            Double upper,

            @Schema(description = "in squared scaled units", example = "0.981") @Nullable
            Double error,

            @Schema(description = "at least 0; null before the first full window", example = "1.84") @Nullable
            Double score,

            @Schema(description = "whether the score is above 1", example = "true")
            boolean anomalous,

            @Schema(
                    description =
                            "of a model of several series, in place of `value` to `upper`, and of one with features: what"
                                    + " is said of each channel, by the name of the series, with its labels where another has"
                                    + " that name, or by that and the name of the feature")
            @Nullable
            Map<String, ChannelRow> channels,

            @Schema(description = "only with `explain=true`, and where there is a score") @Nullable
            Explanation explanation) {}

    /// What is said of one series.
    @Schema(name = "ScoredChannel")
    record ChannelRow(
            @Schema(description = "the last sample of the row's interval", example = "0.73")
            double value,

            @Schema(description = "the reconstruction", example = "0.31") @Nullable
            Double expected,

            @Schema(
                    description = "below this value the row would be anomalous, the other series as they are; null"
                            + " where those alone make it so",
                    example = "0.12")
            @Nullable
            Double lower,

            @Schema(description = "above this value, likewise", example = "0.58") @Nullable
            Double upper,

            @Schema(
                    description = "share of the row's squared error; all sum to 1; null where there is no error",
                    example = "0.64")
            @Nullable
            Double contribution) {}
}
