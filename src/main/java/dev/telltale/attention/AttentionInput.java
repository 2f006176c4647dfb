package dev.telltale.attention;

import dev.telltale.problem.ProblemError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Rows that attend to each other, and what decides how. Its parts fit each other.
///
/// @param x the rows, shape (N, D)
/// @param query of `wq` (D, dk) and `bq`
/// @param key of `wk` (D, dk) and `bk`
/// @param value of `wv` (D, dv) and `bv`
/// @param output of `wo` (dv, O) and `bo`; absent: the context is the output
/// @param activation of the projected context
/// @param heads parts into which dk and dv divide evenly, each of which attends by itself
/// @param mask absent: each row may attend to all
public record AttentionInput(
        Matrix x,
        Projection query,
        Projection key,
        Projection value,
        Optional<Projection> output,
        OutputActivation activation,
        int heads,
        Optional<AttentionMask> mask) {

    /// @throws dev.telltale.problem.Problem SHAPE_MISMATCH with each part that does not fit
    public AttentionInput {
        if (heads < 1 || (mask.isPresent() && mask.get().rows() != x.rows())) {
            throw new IllegalArgumentException(heads + " heads, or a mask that is not for " + x.rows() + " rows");
        }
        List<ProblemError> faults = new ArrayList<>();
        rows(faults, "wq", query, "x is " + x, x.columns());
        rows(faults, "wk", key, "x is " + x, x.columns());
        rows(faults, "wv", value, "x is " + x, x.columns());
        if (key.weight().columns() != query.weight().columns()) {
            faults.add(ProblemError.at(
                    "/weights/wk",
                    "wk is %s, wq is %s: they need as many columns".formatted(key.weight(), query.weight())));
        }
        bias(faults, "q", query);
        bias(faults, "k", key);
        bias(faults, "v", value);
        output.ifPresent(projection -> {
            rows(
                    faults,
                    "wo",
                    projection,
                    "wv is " + value.weight(),
                    value.weight().columns());
            bias(faults, "o", projection);
        });
        divides(faults, heads, "wq", query.weight());
        divides(faults, heads, "wv", value.weight());
        if (!faults.isEmpty()) {
            throw AttentionProblem.SHAPE_MISMATCH
                    .because("%s", faults.getFirst().detail())
                    .with(faults);
        }
    }

    private static void rows(List<ProblemError> faults, String name, Projection projection, String why, int needed) {
        if (projection.weight().rows() != needed) {
            faults.add(ProblemError.at(
                    "/weights/" + name,
                    "%s is %s, %s: it needs %d rows".formatted(name, projection.weight(), why, needed)));
        }
    }

    private static void bias(List<ProblemError> faults, String letter, Projection projection) {
        int columns = projection.weight().columns();
        projection.bias().filter(bias -> bias.length != columns).ifPresent(bias -> {
            String detail = "b%s has %d values, w%s is %s: it needs %d"
                    .formatted(letter, bias.length, letter, projection.weight(), columns);
            faults.add(ProblemError.at("/weights/b" + letter, detail));
        });
    }

    private static void divides(List<ProblemError> faults, int heads, String name, Matrix weight) {
        if (weight.columns() % heads != 0) {
            faults.add(ProblemError.at(
                    "/heads", "%d heads do not divide the %d columns of %s".formatted(heads, weight.columns(), name)));
        }
    }

    /// Columns of a query and a key of one head.
    public int keySize() {
        return query.weight().columns() / heads;
    }

    /// Bytes that the transform takes outside the heap, until its answer is sent.
    long bytes() {
        long pairs = (long) heads * x.rows() * x.rows() * (mask.isPresent() ? 3 : 2);
        long keys = query.weight().columns();
        long values = value.weight().columns();
        long outputs = output.map(projection -> projection.weight().columns()).orElse(0);
        // Each row as it stands, cut into heads, and while a bias or an activation makes it anew.
        long perRow = x.columns() + 6 * keys + 4 * values + 2 * outputs;
        long weights = (2 * keys + values) * (x.columns() + 1) + outputs * (values + 1);
        return Double.BYTES * (pairs + x.rows() * perRow + weights);
    }
}
