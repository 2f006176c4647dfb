package dev.telltale.attention;

import dev.telltale.attention.EmbeddedWindow.Sizes;
import dev.telltale.http.HttpProblem;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import dev.telltale.problem.ProblemType;
import dev.telltale.signal.Windowing;
import dev.telltale.signal.WindowingForm;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a user asks: rows with weights, or a window of a stored series with a seed for both.
@Schema(
        name = "AttentionRequest",
        description = "Either x and weights, or series; the fields without another word go with both")
record AttentionForm(
        @ArraySchema(arraySchema = @Schema(description = "the rows (N, D), finite numbers", example = "[[1,0],[0,1]]"))
        @Nullable
        List<double[]> x,

        @Nullable WeightsForm weights,

        @Schema(description = "of each value of context·wo + bo", example = "identity") @Nullable
        OutputActivation outputActivation,

        @Schema(description = "parts into which dk and dv divide evenly; each attends by itself", example = "1")
        @Nullable
        Integer heads,

        @Schema(description = "whether a row attends only to itself and those before it", example = "false") @Nullable
        Boolean causal,

        @ArraySchema(
                arraySchema =
                        @Schema(
                                description = "(N, N): true where the row may attend to the column",
                                example = "[[true,false],[true,true]]"))
        @Nullable
        List<boolean[]> mask,

        @Schema(
                description = "instead of x: id or name of a stored series, whose window is scaled to mean 0 and"
                        + " standard deviation 1 and embedded",
                example = "ec2_disk_write_bytes")
        @Nullable
        String series,

        @Schema(description = "of series: first time of the range, inclusive", example = "2014-03-01T17:34:00Z")
        @Nullable
        Instant start,

        @Schema(description = "of series: last time of the range, inclusive", example = "2014-03-18T03:41:00Z")
        @Nullable
        Instant end,

        @Nullable WindowingForm windowing,
        @Nullable EmbeddingForm embedding,
        @Nullable InitForm init) {

    private static final int LARGEST_SIZE = 1_024;

    @SuppressWarnings("ArrayRecordComponent") // read once, compared by nobody
    @Schema(name = "AttentionWeights", description = "Matrices are applied as x·W + b; biases and wo may be left out")
    record WeightsForm(
            @ArraySchema(arraySchema = @Schema(description = "(D, dk)", example = "[[1],[0]]"))
            List<double[]> wq,

            @ArraySchema(arraySchema = @Schema(description = "(dk)"))
            double @Nullable [] bq,

            @ArraySchema(arraySchema = @Schema(description = "(D, dk)", example = "[[1],[0]]"))
            List<double[]> wk,

            @ArraySchema(arraySchema = @Schema(description = "(dk)"))
            double @Nullable [] bk,

            @ArraySchema(arraySchema = @Schema(description = "(D, dv)", example = "[[1],[2]]"))
            List<double[]> wv,

            @ArraySchema(arraySchema = @Schema(description = "(dv)"))
            double @Nullable [] bv,

            @ArraySchema(
                    arraySchema =
                            @Schema(description = "(dv, O); without it z is the context, and nothing is activated"))
            @Nullable
            List<double[]> wo,

            @ArraySchema(arraySchema = @Schema(description = "(O), with wo only"))
            double @Nullable [] bo) {

        private Projection query() {
            return projection("/weights/wq", wq, bq);
        }

        private Projection key() {
            return projection("/weights/wk", wk, bk);
        }

        private Projection value() {
            return projection("/weights/wv", wv, bv);
        }

        private Optional<Projection> output() {
            if (wo == null && bo != null) {
                throw at(HttpProblem.MISSING_PROPERTY, "/weights/wo", "bo is added after wo: give both or none");
            }
            return Optional.ofNullable(wo).map(weight -> projection("/weights/wo", weight, bo));
        }
    }

    enum Positions {
        SINUSOIDAL
    }

    @Schema(name = "AttentionEmbedding", description = "How each value of series becomes a row of x")
    record EmbeddingForm(
            @Schema(description = "D, 1 to 1,024", example = "8") @Nullable
            Integer size,

            @Schema(description = "what is added to tell rows apart", example = "sinusoidal") @Nullable
            Positions positions) {

        private static final EmbeddingForm DEFAULT = new EmbeddingForm(null, null);

        private int sizeOrDefault() {
            return AttentionForm.size("/embedding/size", size);
        }
    }

    @Schema(name = "AttentionInit", description = "Of series: weights and biases uniform in ±1/√inputs, from a seed")
    record InitForm(
            @Schema(description = "the same seed gives the same weights", example = "42") @Nullable
            Long seed,

            @Schema(description = "dk, 1 to 1,024", example = "8") @Nullable
            Integer keySize,

            @Schema(description = "dv, 1 to 1,024", example = "8") @Nullable
            Integer valueSize,

            @Schema(description = "O, 1 to 1,024", example = "8") @Nullable
            Integer outputSize) {

        private static final InitForm DEFAULT = new InitForm(null, null, null, null);
        private static final long DEFAULT_SEED = 42;

        private long seedOrDefault() {
            return Objects.requireNonNullElse(seed, DEFAULT_SEED);
        }

        private Sizes sizes(int embedding) {
            return new Sizes(
                    embedding,
                    size("/init/keySize", keySize),
                    size("/init/valueSize", valueSize),
                    size("/init/outputSize", outputSize));
        }
    }

    /// What is asked.
    ///
    /// @throws Problem if the parts do not fit each other or a limit
    Asked asked(AttentionBudget budget, StoredWindows windows) {
        return series == null ? given(budget) : stored(series, budget, windows);
    }

    private Asked given(AttentionBudget budget) {
        if (x == null) {
            throw at(HttpProblem.MISSING_PROPERTY, "/x", "give x with weights, or series");
        }
        refuse(start, "start");
        refuse(end, "end");
        refuse(windowing, "windowing");
        refuse(embedding, "embedding");
        refuse(init, "init");
        if (weights == null) {
            throw at(HttpProblem.MISSING_PROPERTY, "/weights", "x needs weights, with wq, wk and wv at least");
        }
        budget.checkRows(x.size());
        Matrix rows = matrix("/x", x);
        return new Asked(
                input(rows, weights.query(), weights.key(), weights.value(), weights.output()), Optional.empty());
    }

    private Asked stored(String reference, AttentionBudget budget, StoredWindows windows) {
        refuse(x, "x");
        refuse(weights, "weights");
        if (start != null && end != null && start.isAfter(end)) {
            throw at(
                    AttentionProblem.BAD_RANGE,
                    "/start",
                    "the range starts at %s, after its end %s".formatted(start, end));
        }
        Windowing cut = WindowingForm.orDefault(windowing);
        budget.checkRows(cut.length());
        InitForm draw = Objects.requireNonNullElse(init, InitForm.DEFAULT);
        Sizes sizes = draw.sizes(
                Objects.requireNonNullElse(embedding, EmbeddingForm.DEFAULT).sizeOrDefault());
        StoredWindow window = windows.last(
                reference,
                start == null ? Long.MIN_VALUE : start.toEpochMilli(),
                end == null ? Long.MAX_VALUE : end.toEpochMilli(),
                cut);
        EmbeddedWindow embedded = EmbeddedWindow.of(window, sizes, draw.seedOrDefault());
        return new Asked(
                input(embedded.x(), embedded.query(), embedded.key(), embedded.value(), Optional.of(embedded.output())),
                Optional.of(embedded));
    }

    private AttentionInput input(
            Matrix rows, Projection query, Projection key, Projection value, Optional<Projection> output) {
        int parts = Objects.requireNonNullElse(heads, 1);
        if (parts < 1) {
            throw at(AttentionProblem.BAD_SIZE, "/heads", "heads must be at least 1, was " + parts);
        }
        return new AttentionInput(
                rows,
                query,
                key,
                value,
                output,
                Objects.requireNonNullElse(outputActivation, OutputActivation.IDENTITY),
                parts,
                mask(rows.rows()));
    }

    private Optional<AttentionMask> mask(int rows) {
        boolean onlyBefore = Objects.requireNonNullElse(causal, false);
        if (mask != null) {
            return Optional.of(AttentionMask.of(rows, mask, onlyBefore));
        }
        return onlyBefore ? Optional.of(AttentionMask.causal(rows)) : Optional.empty();
    }

    private void refuse(@Nullable Object field, String name) {
        if (field != null) {
            String given = series == null ? "x" : "series";
            throw at(HttpProblem.UNKNOWN_PROPERTY, "/" + name, "'%s' does not go with '%s'".formatted(name, given));
        }
    }

    private static Projection projection(String pointer, List<double[]> weight, double @Nullable [] bias) {
        return new Projection(matrix(pointer, weight), Optional.ofNullable(bias));
    }

    private static Matrix matrix(String pointer, List<double[]> rows) {
        if (rows.isEmpty() || rows.getFirst().length == 0) {
            throw at(AttentionProblem.BAD_MATRIX, pointer, "a matrix needs a row with a number at least");
        }
        int columns = rows.getFirst().length;
        double[] values = new double[Math.multiplyExact(rows.size(), columns)];
        for (int row = 0; row < rows.size(); row++) {
            if (rows.get(row).length != columns) {
                throw at(
                        AttentionProblem.BAD_MATRIX,
                        pointer + "/" + row,
                        "row %d has %d numbers, row 0 has %d: all need as many"
                                .formatted(row, rows.get(row).length, columns));
            }
            System.arraycopy(rows.get(row), 0, values, row * columns, columns);
        }
        return new Matrix(rows.size(), columns, values);
    }

    private static int size(String pointer, @Nullable Integer given) {
        int size = Objects.requireNonNullElse(given, 8);
        if (size < 1 || size > LARGEST_SIZE) {
            throw at(AttentionProblem.BAD_SIZE, pointer, "must be from 1 to %d, was %d".formatted(LARGEST_SIZE, size));
        }
        return size;
    }

    private static Problem at(ProblemType type, String pointer, String detail) {
        return type.because("%s: %s", pointer.substring(1).replace('/', '.'), detail)
                .with(List.of(ProblemError.at(pointer, detail)));
    }

    /// What a request comes to.
    ///
    /// @param window absent: the rows stood in the request
    record Asked(AttentionInput input, Optional<EmbeddedWindow> window) {}
}
