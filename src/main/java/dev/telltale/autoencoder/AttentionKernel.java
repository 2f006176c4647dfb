package dev.telltale.autoencoder;

import java.util.Arrays;

/// Self-attention and normalisation of windows that lie feature by feature, as in [BlockKernel]: an array for
/// each feature, in which the L rows of one window follow those of another. The inner loops run over the rows
/// that look, so that each sum takes what is looked at in its order, whatever windows lie beside.
final class AttentionKernel {

    private static final int TILE = 128; // rows that look at once: of long windows not all weights are held

    private AttentionKernel() {}

    /// Hears of the weights of a head as they are computed.
    interface Witness {

        /// Takes the weights of some rows of a window.
        ///
        /// @param weights (L, rows): what each of these rows takes of every row
        /// @param from the first of those rows in its window
        void weights(int head, float[][] weights, int from, int rows);
    }

    /// The context of each row: the mean of all rows' values, weighted by how well its query fits their keys.
    ///
    /// @param query (width, rows)
    /// @param key same shape
    /// @param value same shape
    /// @param context same shape, overwritten
    /// @param rows a multiple of L
    static void attend(
            float[][] query,
            float[][] key,
            float[][] value,
            float[][] context,
            int rows,
            int length,
            int heads,
            Witness witness) {
        int depth = query.length / heads;
        int tile = Math.min(TILE, length);
        float[][] weights = new float[length][BlockKernel.paddedLength(tile)];
        float scale = (float) (1 / Math.sqrt(depth));
        for (int window = 0; window < rows; window += length) {
            for (int head = 0; head < heads; head++) {
                for (int from = 0; from < length; from += tile) {
                    int count = Math.min(tile, length - from);
                    weigh(query, key, head * depth, depth, window, window + from, count, scale, weights);
                    witness.weights(head, weights, from, count);
                    mix(value, head * depth, depth, window, window + from, count, weights, context);
                }
            }
        }
    }

    /// The weights of some rows that look: softmax over the scaled products of their queries with all keys.
    private static void weigh(
            float[][] query,
            float[][] key,
            int feature,
            int depth,
            int window,
            int first,
            int count,
            float scale,
            float[][] weights) {
        float[] largest = new float[count];
        Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        for (int other = 0; other < weights.length; other++) {
            float[] scores = weights[other];
            Arrays.fill(scores, 0, count, 0f);
            for (int d = feature; d < feature + depth; d++) {
                addScaled(query[d], first, key[d][window + other] * scale, scores, count);
            }
            for (int i = 0; i < count; i++) {
                largest[i] = Math.max(largest[i], scores[i]);
            }
        }
        float[] sum = new float[count];
        for (float[] scores : weights) {
            for (int i = 0; i < count; i++) {
                scores[i] = Activations.exp(scores[i] - largest[i]);
            }
            for (int i = 0; i < count; i++) {
                sum[i] += scores[i];
            }
        }
        for (float[] scores : weights) {
            for (int i = 0; i < count; i++) {
                scores[i] /= sum[i];
            }
        }
    }

    private static void mix(
            float[][] value,
            int feature,
            int depth,
            int window,
            int first,
            int count,
            float[][] weights,
            float[][] context) {
        for (int d = feature; d < feature + depth; d++) {
            float[] mixed = context[d];
            Arrays.fill(mixed, first, first + count, 0f);
            for (int other = 0; other < weights.length; other++) {
                addWeighted(weights[other], value[d][window + other], mixed, first, count);
            }
        }
    }

    private static void addScaled(float[] from, int first, float factor, float[] sums, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] = Math.fma(from[first + i], factor, sums[i]);
        }
    }

    private static void addWeighted(float[] weights, float factor, float[] sums, int first, int count) {
        for (int i = 0; i < count; i++) {
            sums[first + i] = Math.fma(weights[i], factor, sums[first + i]);
        }
    }

    /// Each row less its mean, over its deviation, times a weight, plus a bias.
    ///
    /// @param x (width, rows)
    /// @param y same shape, overwritten
    static void normalise(float[][] x, float[] weight, float[] bias, float[][] y, int rows) {
        float[] mean = new float[rows];
        for (int d = 0; d < weight.length; d++) {
            add(x[d], mean, rows);
        }
        divide(mean, weight.length, rows);
        float[] spread = new float[rows];
        for (int d = 0; d < weight.length; d++) {
            addSquares(x[d], mean, spread, rows);
        }
        for (int r = 0; r < rows; r++) {
            spread[r] = (float) (1 / Math.sqrt(spread[r] / weight.length + Layer.Norm.EPSILON));
        }
        for (int d = 0; d < weight.length; d++) {
            stretch(x[d], mean, spread, weight[d], bias[d], y[d], rows);
        }
    }

    private static void divide(float[] values, int by, int rows) {
        for (int r = 0; r < rows; r++) {
            values[r] /= by;
        }
    }

    private static void addSquares(float[] x, float[] mean, float[] sums, int rows) {
        for (int r = 0; r < rows; r++) {
            float distance = x[r] - mean[r];
            sums[r] = Math.fma(distance, distance, sums[r]);
        }
    }

    private static void stretch(
            float[] x, float[] mean, float[] factor, float weight, float bias, float[] y, int rows) {
        for (int r = 0; r < rows; r++) {
            y[r] = Math.fma((x[r] - mean[r]) * factor[r], weight, bias);
        }
    }

    /// @param to changed in place
    static void add(float[] some, float[] to, int rows) {
        for (int r = 0; r < rows; r++) {
            to[r] += some[r];
        }
    }
}
