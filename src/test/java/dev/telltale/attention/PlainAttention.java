package dev.telltale.attention;

import java.util.Map;

/// The self-attention transform in the plainest loops that can be written.
public final class PlainAttention {

    private PlainAttention() {}

    /// What the steps that answers hold come to, by name, row-major.
    public static Map<String, double[]> transform(AttentionInput input) {
        int rows = input.x().rows();
        int heads = input.heads();
        Matrix q = project(input.x(), input.query());
        Matrix k = project(input.x(), input.key());
        Matrix v = project(input.x(), input.value());
        int keySize = q.columns() / heads;
        int valueSize = v.columns() / heads;
        double[] scores = new double[heads * rows * rows];
        double[] weights = new double[heads * rows * rows];
        double[] context = new double[rows * v.columns()];
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < rows; i++) {
                int row = (head * rows + i) * rows;
                double largest = Double.NEGATIVE_INFINITY;
                for (int j = 0; j < rows; j++) {
                    double sum = 0;
                    for (int d = 0; d < keySize; d++) {
                        sum += q.value(i, head * keySize + d) * k.value(j, head * keySize + d);
                    }
                    scores[row + j] = sum / Math.sqrt(keySize);
                    if (allows(input, i, j)) {
                        largest = Math.max(largest, scores[row + j]);
                    }
                }
                double total = 0;
                for (int j = 0; j < rows; j++) {
                    weights[row + j] = allows(input, i, j) ? Math.exp(scores[row + j] - largest) : 0;
                    total += weights[row + j];
                }
                for (int j = 0; j < rows; j++) {
                    weights[row + j] /= total;
                    for (int d = head * valueSize; d < (head + 1) * valueSize; d++) {
                        context[i * v.columns() + d] += weights[row + j] * v.value(j, d);
                    }
                }
            }
        }
        Matrix z = new Matrix(rows, v.columns(), context.clone());
        if (input.output().isPresent()) {
            z = project(z, input.output().get());
            if (input.activation() == OutputActivation.RELU) {
                for (int i = 0; i < z.values().length; i++) {
                    z.values()[i] = Math.max(0, z.values()[i]);
                }
            }
        }
        return Map.of(
                "q", q.values(),
                "k", k.values(),
                "v", v.values(),
                "scores", scores,
                "weights", weights,
                "context", context,
                "z", z.values());
    }

    private static boolean allows(AttentionInput input, int row, int other) {
        return input.mask().isEmpty() || input.mask().get().allows(row, other);
    }

    private static Matrix project(Matrix rows, Projection projection) {
        Matrix weight = projection.weight();
        double[] projected = new double[rows.rows() * weight.columns()];
        for (int row = 0; row < rows.rows(); row++) {
            for (int column = 0; column < weight.columns(); column++) {
                double sum = projection.bias().isPresent() ? projection.bias().get()[column] : 0;
                for (int d = 0; d < weight.rows(); d++) {
                    sum += rows.value(row, d) * weight.value(d, column);
                }
                projected[row * weight.columns() + column] = sum;
            }
        }
        return new Matrix(rows.rows(), weight.columns(), projected);
    }
}
