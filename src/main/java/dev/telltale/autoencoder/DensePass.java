package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Weights.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// The way of windows through a network that is not being trained, in plain Java. A window's answer is the
/// same bits whatever comes with it, on every processor. Safe for many threads at once.
public final class DensePass {

    private static final int FEWEST_ROWS = 60; // fewer are done sooner one by one
    private static final int MOST_ROWS = 508;
    private static final int SCRATCH = 1 << 18; // floats that stay in a core's second cache
    private static final int MOST_SCRATCH = 1 << 21;
    private static final int TRANSPOSED = 16; // rows at a time whose values stay in the first cache

    private sealed interface Step {

        /// @param weight (inputs, outputs)
        @SuppressWarnings("ArrayRecordComponent")
        record Linear(float[][] weight, float[] bias) implements Step {}

        record Activation(Function function) implements Step {}
    }

    private final List<Step> steps = new ArrayList<>();
    private final int width;
    private final int[] features = new int[2]; // the widest of every other layer
    private final int blockRows;

    /// @param parameters in the order of the layers, as [Weights#of] gives them; copied
    public DensePass(List<LayerDescription> layers, List<Parameter> parameters) {
        this.width = layers.getFirst().inputs();
        Iterator<Parameter> left = parameters.iterator();
        int linear = 0;
        features[0] = width;
        for (LayerDescription layer : layers) {
            switch (layer.layer()) {
                case Layer.Linear _ -> {
                    steps.add(new Step.Linear(
                            transposed(left.next().values(), layer.inputs(), layer.outputs()),
                            left.next().values().clone()));
                    linear++;
                    features[linear % 2] = Math.max(features[linear % 2], layer.outputs());
                }
                case Layer.Activation(Function function) -> steps.add(new Step.Activation(function));
                case Layer.Dropout _ -> {} // drops nothing but while training
            }
        }
        this.blockRows = blockRows(features[0] + features[1]);
    }

    /// Rows of a block for a network of this size; 0 if it is so wide that blocks would take too much memory.
    private static int blockRows(int features) {
        if (features > MOST_SCRATCH / FEWEST_ROWS) {
            return 0;
        }
        return BlockKernel.paddedLengthWithin(Math.clamp(SCRATCH / features, FEWEST_ROWS, MOST_ROWS));
    }

    /// @param weight (outputs, inputs), row-major
    /// @return (inputs, outputs)
    private static float[][] transposed(float[] weight, int inputs, int outputs) {
        float[][] columns = new float[inputs][outputs];
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                columns[i][o] = weight[o * inputs + i];
            }
        }
        return columns;
    }

    /// What the network makes of windows.
    ///
    /// @param windows (N, L·C), row-major
    /// @return same shape
    public float[] reconstruct(float[] windows) {
        float[] rebuilt = new float[windows.length];
        int count = windows.length / width;
        int done = 0;
        if (count >= FEWEST_ROWS && blockRows > 0) {
            int length = BlockKernel.paddedLength(Math.min(count, blockRows));
            float[][] values = new float[features[0]][length];
            float[][] others = new float[features[1]][length];
            while (count - done >= FEWEST_ROWS) {
                int rows = Math.min(blockRows, count - done);
                block(windows, done, rows, values, others, rebuilt);
                done += rows;
            }
        }
        for (; done < count; done++) {
            row(windows, done, rebuilt);
        }
        return rebuilt;
    }

    private void row(float[] windows, int row, float[] rebuilt) {
        float[] value = Arrays.copyOfRange(windows, row * width, (row + 1) * width);
        for (Step step : steps) {
            switch (step) {
                case Step.Linear(float[][] weight, float[] bias) -> value = RowKernel.linear(value, weight, bias);
                case Step.Activation(Function function) -> RowKernel.activate(function, value);
            }
        }
        System.arraycopy(value, 0, rebuilt, row * width, width);
    }

    /// @param scratch room for the values, feature by feature
    /// @param otherScratch room for those behind each linear layer in turn
    private void block(
            float[] windows, int first, int rows, float[][] scratch, float[][] otherScratch, float[] rebuilt) {
        float[][] value = scratch;
        float[][] next = otherScratch;
        int filled = width;
        intoFeatures(windows, first, rows, value);
        for (Step step : steps) {
            switch (step) {
                case Step.Linear(float[][] weight, float[] bias) -> {
                    BlockKernel.linear(value, weight, bias, next, rows);
                    float[][] used = value;
                    value = next;
                    next = used;
                    filled = bias.length;
                }
                case Step.Activation(Function function) -> BlockKernel.activate(function, value, filled, rows);
            }
        }
        fromFeatures(value, first, rows, rebuilt);
    }

    private void intoFeatures(float[] windows, int first, int rows, float[][] features) {
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

    private void fromFeatures(float[][] features, int first, int rows, float[] windows) {
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
