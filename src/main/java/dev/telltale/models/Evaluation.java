package dev.telltale.models;

import dev.telltale.detection.ConfusionMatrix;
import dev.telltale.detection.Figure;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How the model's verdicts on the test part agree with the annotations.
///
/// @param reasons why a figure of `test` is null, under its name
record Evaluation(Test test, Map<String, String> reasons) {

    Evaluation {
        reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
    }

    /// @param rows of the test part that were judged
    /// @param prevalence share of them that is annotated as anomalous
    @Schema(
            name = "TestFigures",
            description = "Verdicts on the test part beside its annotations, null where undefined")
    record Test(
            @Schema(description = "rows that were judged", example = "225")
            long rows,

            @Schema(description = "share of them that is annotated as anomalous", example = "0.04") @Nullable
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
            Double f1) {}

    /// The figures of verdicts on annotated rows.
    static Evaluation of(ConfusionMatrix matrix) {
        Map<String, String> reasons = new TreeMap<>();
        Test test = new Test(
                matrix.rows(),
                value("prevalence", matrix.prevalence(), reasons),
                matrix,
                value("accuracy", matrix.accuracy(), reasons),
                value("precision", matrix.precision(), reasons),
                value("recall", matrix.recall(), reasons),
                value("f1", matrix.f1(), reasons));
        return new Evaluation(test, reasons);
    }

    /// No figures at all, for one reason.
    static Evaluation without(long rows, String reason) {
        Map<String, String> reasons = new TreeMap<>();
        for (String figure : new String[] {"prevalence", "confusionMatrix", "accuracy", "precision", "recall", "f1"}) {
            reasons.put(figure, reason);
        }
        return new Evaluation(new Test(rows, null, null, null, null, null, null), reasons);
    }

    private static @Nullable Double value(String name, Figure figure, Map<String, String> reasons) {
        return switch (figure) {
            case Figure.Known(double value) -> value;
            case Figure.Undefined(String reason) -> {
                reasons.put(name, reason);
                yield null;
            }
        };
    }
}
