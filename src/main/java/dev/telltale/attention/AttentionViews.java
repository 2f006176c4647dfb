package dev.telltale.attention;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers as the OpenAPI document shows them; `AttentionWriter` writes them without making them whole.
final class AttentionViews {

    private AttentionViews() {}

    @Schema(name = "Attention", description = "Each step of the transform, in double precision")
    record Answer(
            @Schema(description = "of series: the window") @Nullable
            List<Row> rows,

            @Schema(description = "of series: scaled value = (value − offset) / scale") @Nullable
            Scale scaling,

            @Schema(description = "of series: row of x = scaled value · weight + bias + position") @Nullable
            Embedding embedding,

            @Schema(description = "of series: the rows that attended to each other (N, D)") @Nullable
            List<List<Double>> x,

            @Schema(description = "of series: what to give as weights, with this x, for the same answer") @Nullable
            Parameters parameters,

            @Schema(description = "x·wq + bq (N, dk)", example = "[[1],[0]]")
            List<List<Double>> q,

            @Schema(description = "x·wk + bk (N, dk)", example = "[[1],[0]]")
            List<List<Double>> k,

            @Schema(description = "x·wv + bv (N, dv)", example = "[[1],[2]]")
            List<List<Double>> v,

            @Schema(
                    description = "q·kᵀ/√dk before any mask: (N, N), of several heads (heads, N, N), each head with its"
                            + " own dk/heads columns",
                    example = "[[1,0],[0,0]]")
            List<Object> scores,

            @Schema(
                    description = "row-wise softmax of the scores, 0 where the mask is false; shaped as the scores",
                    example = "[[0.7310585786300049,0.2689414213699951],[0.5,0.5]]")
            List<Object> weights,

            @Schema(description = "weights·v, the heads side by side (N, dv)", example = "[[1.2689414213699952],[1.5]]")
            List<List<Double>> context,

            @Schema(
                    description = "activation(context·wo + bo) (N, O), without wo the context",
                    example = "[[1.2689414213699952],[1.5]]")
            List<List<Double>> z,

            @Schema(
                    description = "of x and each of the above",
                    example = "{\"x\":[2,2],\"q\":[2,1],\"k\":[2,1],\"v\":[2,1],\"scores\":[2,2],\"weights\":[2,2],"
                            + "\"context\":[2,1],\"z\":[2,1]}")
            Map<String, List<Integer>> shapes) {}

    @Schema(name = "AttentionRow")
    record Row(
            @Schema(example = "2014-03-10T01:29:00Z") Instant timestamp,

            @Schema(description = "in units of the series", example = "547457000")
            double value) {}

    @Schema(name = "AttentionScaling")
    record Scale(
            @Schema(description = "the window's mean", example = "31250.5")
            double offset,

            @Schema(description = "the window's standard deviation", example = "1200.25")
            double scale) {}

    @Schema(name = "AttentionEmbedded")
    record Embedding(
            @Schema(description = "(1, D)") List<List<Double>> weight,
            @Schema(description = "(D)") List<Double> bias) {}

    @Schema(name = "AttentionParameters")
    record Parameters(
            @Schema(description = "(D, dk)") List<List<Double>> wq,
            @Schema(description = "(dk)") List<Double> bq,
            @Schema(description = "(D, dk)") List<List<Double>> wk,
            @Schema(description = "(dk)") List<Double> bk,
            @Schema(description = "(D, dv)") List<List<Double>> wv,
            @Schema(description = "(dv)") List<Double> bv,
            @Schema(description = "(dv, O)") List<List<Double>> wo,
            @Schema(description = "(O)") List<Double> bo) {}
}
