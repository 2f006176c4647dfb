package dev.telltale.models;

import dev.telltale.detection.ConfusionMatrix;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What a judge of rows is worth beside the annotations of the test part. A figure is null where it is not
/// defined; docs/evaluation.md says what each means.
///
/// @param rows of the test part that were judged
/// @param prevalence share of them that is annotated as anomalous
@Schema(description = "Verdicts on the test part beside its annotations, null where undefined")
record TestFigures(
        @Schema(description = "rows that were judged", example = "225")
        long rows,

        @Schema(
                description = "share of them that is annotated as anomalous: the average precision of guessing",
                example = "0.04")
        @Nullable
        Double prevalence,

        @Schema(description = "rows by annotation and verdict") @Nullable
        ConfusionMatrix confusionMatrix,

        @Schema(description = "share of right verdicts", example = "0.98") @Nullable
        Double accuracy,

        @Schema(description = "share of reported rows that are annotated", example = "0.9") @Nullable
        Double precision,

        @Schema(description = "share of annotated rows that are reported", example = "0.8") @Nullable
        Double recall,

        @Schema(description = "harmonic mean of the two", example = "0.85") @Nullable
        Double f1,

        @Schema(description = "area under the precision–recall steps, whatever the line", example = "0.7") @Nullable
        Double averagePrecision,

        @Schema(
                description = "probability that an annotated row scores above a normal one, whatever the line",
                example = "0.95")
        @Nullable
        Double rocAuc,

        @Schema(
                description = "volume under the precision–recall surface of annotated ranges, whatever the line",
                example = "0.72")
        @Nullable
        Double vusPr,

        @Schema(description = "annotated ranges of the test part, found where one of their rows scores above 1")
        @Nullable
        Events events,

        @Schema(
                description = "runs of rows that score above 1 and hold no annotated row, for every 1,000 normal rows",
                example = "0.5")
        @Nullable
        Double falseAlarmsPer1000) {

    /// No figure but the number of rows.
    static TestFigures unknown(long rows) {
        return new TestFigures(rows, null, null, null, null, null, null, null, null, null, null, null);
    }

    /// Annotated ranges; ranges that touch are one.
    @Schema(name = "EventCount")
    record Events(
            @Schema(description = "in which a row was reported", example = "2")
            int found,

            @Schema(description = "in the test part", example = "3")
            int total) {}
}
