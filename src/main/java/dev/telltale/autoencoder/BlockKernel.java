package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Layer.Activation.Function;
import java.util.Arrays;

/// Layers applied to many rows at once, which lie feature by feature: an array for each feature, a place in
/// it for each row. The inner loops run over the rows and become vector instructions.
///
/// Each sum begins with the bias and takes the inputs in their order, as in [RowKernel]. The loops stand
/// here and there twice, since the compiler shapes a loop by how long it has seen it run.
final class BlockKernel {

    private static final int VECTOR = 16; // floats in a cache line
    private static final int HEADER = 4; // floats that an array's header is as long as
    private static final int TRANSPOSED = 16; // rows at a time whose values stay in the first cache

    private BlockKernel() {}

    /// The next length at which arrays made one after the other begin at the same place of a cache line, so
    /// that none of their vectors crosses one.
    static int paddedLength(int rows) {
        return (rows + HEADER + VECTOR - 1) / VECTOR * VECTOR - HEADER;
    }

    /// The longest such length that is not longer.
    static int paddedLengthWithin(int rows) {
        return paddedLength(rows - VECTOR + 1);
    }

    /// y = x·Wᵀ + b. Four outputs take four inputs at a time: as many values as stay in registers.
    ///
    /// @param x (inputs, rows)
    /// @param weight (inputs, outputs)
    /// @param y (outputs, rows), overwritten
    static void linear(float[][] x, float[][] weight, float[] bias, float[][] y, int rows) {
        int inputs = weight.length;
        int outputs = bias.length;
        for (int o = 0; o < outputs; o++) {
            Arrays.fill(y[o], 0, rows, bias[o]);
        }
        int tiled = inputs & -4;
        for (int o = 0; o < outputs; o += 4) {
            boolean four = o + 4 <= outputs;
            int end = Math.min(o + 4, outputs);
            for (int i = 0; i < tiled; i += 4) {
                if (four) {
                    addTile(x, i, weight, y, o, rows);
                } else {
                    for (int last = o; last < end; last++) {
                        addFour(x, i, weight, y[last], last, rows);
                    }
                }
            }
            for (int i = tiled; i < inputs; i++) {
                for (int each = o; each < end; each++) {
                    addOne(x[i], weight[i][each], y[each], rows);
                }
            }
        }
    }

    private static void addTile(float[][] x, int i, float[][] weight, float[][] y, int o, int rows) {
        float[] w0 = weight[i];
        float[] w1 = weight[i + 1];
        float[] w2 = weight[i + 2];
        float[] w3 = weight[i + 3];
        tile(
                y[o], y[o + 1], y[o + 2], y[o + 3], x[i], x[i + 1], x[i + 2], x[i + 3], w0[o], w1[o], w2[o], w3[o],
                w0[o + 1], w1[o + 1], w2[o + 1], w3[o + 1], w0[o + 2], w1[o + 2], w2[o + 2], w3[o + 2], w0[o + 3],
                w1[o + 3], w2[o + 3], w3[o + 3], rows);
    }

    /// @param w01 weight of output 0 and input 1
    private static void tile(
            float[] y0,
            float[] y1,
            float[] y2,
            float[] y3,
            float[] x0,
            float[] x1,
            float[] x2,
            float[] x3,
            float w00,
            float w01,
            float w02,
            float w03,
            float w10,
            float w11,
            float w12,
            float w13,
            float w20,
            float w21,
            float w22,
            float w23,
            float w30,
            float w31,
            float w32,
            float w33,
            int rows) {
        for (int j = 0; j < rows; j++) {
            float a = x0[j];
            float b = x1[j];
            float c = x2[j];
            float d = x3[j];
            y0[j] = Math.fma(w03, d, Math.fma(w02, c, Math.fma(w01, b, Math.fma(w00, a, y0[j]))));
            y1[j] = Math.fma(w13, d, Math.fma(w12, c, Math.fma(w11, b, Math.fma(w10, a, y1[j]))));
            y2[j] = Math.fma(w23, d, Math.fma(w22, c, Math.fma(w21, b, Math.fma(w20, a, y2[j]))));
            y3[j] = Math.fma(w33, d, Math.fma(w32, c, Math.fma(w31, b, Math.fma(w30, a, y3[j]))));
        }
    }

    private static void addFour(float[][] x, int i, float[][] weight, float[] y, int o, int rows) {
        four(
                y,
                x[i],
                x[i + 1],
                x[i + 2],
                x[i + 3],
                weight[i][o],
                weight[i + 1][o],
                weight[i + 2][o],
                weight[i + 3][o],
                rows);
    }

    private static void four(
            float[] y,
            float[] x0,
            float[] x1,
            float[] x2,
            float[] x3,
            float w0,
            float w1,
            float w2,
            float w3,
            int rows) {
        for (int j = 0; j < rows; j++) {
            y[j] = Math.fma(w3, x3[j], Math.fma(w2, x2[j], Math.fma(w1, x1[j], Math.fma(w0, x0[j], y[j]))));
        }
    }

    private static void addOne(float[] x, float weight, float[] y, int rows) {
        for (int j = 0; j < rows; j++) {
            y[j] = Math.fma(weight, x[j], y[j]);
        }
    }

    /// @param values (features, rows), changed in place
    static void activate(Function function, float[][] values, int features, int rows) {
        for (int i = 0; i < features; i++) {
            switch (function) {
                case RELU -> relu(values[i], rows);
                case TANH -> tanh(values[i], rows);
                case SIGMOID -> sigmoid(values[i], rows);
                case GELU -> gelu(values[i], rows);
                case IDENTITY -> {}
            }
        }
    }

    private static void relu(float[] values, int rows) {
        for (int j = 0; j < rows; j++) {
            values[j] = Activations.relu(values[j]);
        }
    }

    private static void tanh(float[] values, int rows) {
        for (int j = 0; j < rows; j++) {
            values[j] = Activations.tanh(values[j]);
        }
    }

    private static void sigmoid(float[] values, int rows) {
        for (int j = 0; j < rows; j++) {
            values[j] = Activations.sigmoid(values[j]);
        }
    }

    private static void gelu(float[] values, int rows) {
        for (int j = 0; j < rows; j++) {
            values[j] = Activations.gelu(values[j]);
        }
    }

    /// A matrix as the kernels take it.
    ///
    /// @param weight (outputs, inputs), row-major
    /// @return (inputs, outputs)
    static float[][] transposed(float[] weight, int inputs, int outputs) {
        float[][] columns = new float[inputs][outputs];
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                columns[i][o] = weight[o * inputs + i];
            }
        }
        return columns;
    }

    /// Lays rows out feature by feature.
    ///
    /// @param windows (…, width), row-major, of which `rows` from `first` on are taken
    /// @param features (width, rows), overwritten
    static void intoFeatures(float[] windows, int first, int width, int rows, float[][] features) {
        for (int from = 0; from < rows; from += TRANSPOSED) {
            int to = Math.min(from + TRANSPOSED, rows);
            for (int i = 0; i < width; i++) {
                float[] feature = features[i];
                for (int row = from; row < to; row++) {
                    feature[row] = windows[(first + row) * width + i];
                }
            }
        }
    }

    /// The inverse of `intoFeatures`.
    static void fromFeatures(float[][] features, int first, int width, int rows, float[] windows) {
        for (int from = 0; from < rows; from += TRANSPOSED) {
            int to = Math.min(from + TRANSPOSED, rows);
            for (int i = 0; i < width; i++) {
                float[] feature = features[i];
                for (int row = from; row < to; row++) {
                    windows[(first + row) * width + i] = feature[row];
                }
            }
        }
    }
}
