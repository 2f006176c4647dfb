package dev.telltale.models;

import dev.telltale.detection.Ranking;
import dev.telltale.detection.Ranking.Cut;
import dev.telltale.detection.ScoreScale;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What other lines would have given on the test part: a point reports every row that scores at least its
/// threshold.
///
/// @param precisionRecall by rising recall; empty where `averagePrecision` is not defined
/// @param roc from no reported row to all; empty where `rocAuc` is not defined
@Schema(
        name = "EvaluationCurves",
        description = "What other lines would have given on the test part, at most 200 points each")
record Curves(
        @Schema(description = "by rising recall; empty where `averagePrecision` is null")
        List<PrecisionRecall> precisionRecall,

        @Schema(description = "from no reported row to all; empty where `rocAuc` is null")
        List<Roc> roc) {

    static final Curves NONE = new Curves(List.of(), List.of());

    static final int MOST_POINTS = 200;

    Curves {
        precisionRecall = List.copyOf(precisionRecall);
        roc = List.copyOf(roc);
        if (precisionRecall.size() > MOST_POINTS || roc.size() > MOST_POINTS) {
            throw new IllegalArgumentException("a curve has at most %d points, these have %d and %d"
                    .formatted(MOST_POINTS, precisionRecall.size(), roc.size()));
        }
    }

    @Schema(name = "PrecisionRecallPoint")
    record PrecisionRecall(
            @Schema(description = "share of annotated rows that are reported", example = "0.8")
            double recall,

            @Schema(description = "share of reported rows that are annotated", example = "0.9")
            double precision,

            @Schema(description = "the lowest score that is reported", example = "1.2")
            double threshold) {}

    @Schema(name = "RocPoint")
    record Roc(
            @Schema(description = "share of normal rows that are reported", example = "0.02")
            double falsePositiveRate,

            @Schema(description = "share of annotated rows that are reported", example = "0.8")
            double truePositiveRate,

            @Schema(
                    description = "the lowest score that is reported; null in the first point, which reports none",
                    example = "1.2")
            @Nullable
            Double threshold) {}

    /// @param scale of the errors that were ranked
    static Curves of(Ranking ranking, ScoreScale scale) {
        List<PrecisionRecall> precisionRecall = ranking.precisionRecall(MOST_POINTS).stream()
                .map(cut -> new PrecisionRecall(
                        (double) cut.tp() / ranking.positives(), cut.precision(), scale.score(cut.threshold())))
                .toList();
        List<Roc> roc = new ArrayList<>();
        for (Cut cut : ranking.roc(MOST_POINTS - 1)) {
            if (roc.isEmpty()) {
                roc.add(new Roc(0, 0, null));
            }
            roc.add(new Roc(
                    (double) cut.fp() / ranking.negatives(),
                    (double) cut.tp() / ranking.positives(),
                    scale.score(cut.threshold())));
        }
        return new Curves(precisionRecall, roc);
    }
}
