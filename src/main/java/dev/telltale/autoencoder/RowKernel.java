package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Layer.Activation.Function;

/// Layers applied to one row, bit for bit as in [BlockKernel]. The inner loops run over the outputs.
final class RowKernel {

    private RowKernel() {}

    /// x·Wᵀ + b.
    ///
    /// @param x (inputs)
    /// @param weight (inputs, outputs)
    static float[] linear(float[] x, float[][] weight, float[] bias) {
        float[] y = bias.clone();
        int tiled = weight.length & -4;
        for (int i = 0; i < tiled; i += 4) {
            addFour(
                    y,
                    weight[i],
                    weight[i + 1],
                    weight[i + 2],
                    weight[i + 3],
                    x[i],
                    x[i + 1],
                    x[i + 2],
                    x[i + 3],
                    y.length);
        }
        for (int i = tiled; i < weight.length; i++) {
            addOne(y, weight[i], x[i], y.length);
        }
        return y;
    }

    private static void addFour(
            float[] y,
            float[] w0,
            float[] w1,
            float[] w2,
            float[] w3,
            float x0,
            float x1,
            float x2,
            float x3,
            int outputs) {
        for (int o = 0; o < outputs; o++) {
            y[o] = Math.fma(w3[o], x3, Math.fma(w2[o], x2, Math.fma(w1[o], x1, Math.fma(w0[o], x0, y[o]))));
        }
    }

    private static void addOne(float[] y, float[] weight, float x, int outputs) {
        for (int o = 0; o < outputs; o++) {
            y[o] = Math.fma(weight[o], x, y[o]);
        }
    }

    /// @param values changed in place
    static void activate(Function function, float[] values) {
        switch (function) {
            case RELU -> relu(values);
            case TANH -> tanh(values);
            case SIGMOID -> sigmoid(values);
            case GELU -> gelu(values);
            case IDENTITY -> {}
        }
    }

    private static void relu(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Activations.relu(values[i]);
        }
    }

    private static void tanh(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Activations.tanh(values[i]);
        }
    }

    private static void sigmoid(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Activations.sigmoid(values[i]);
        }
    }

    private static void gelu(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Activations.gelu(values[i]);
        }
    }
}
