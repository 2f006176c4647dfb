package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Weights.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// The way through dense layers.
final class DensePass implements NetworkPass {

    private static final int FEWEST_ROWS = 60; // fewer are done sooner one by one
    private static final int MOST_ROWS = 508;
    private static final int SCRATCH = 1 << 18; // floats that stay in a core's second cache
    private static final int MOST_SCRATCH = 1 << 21;

    private sealed interface Step {

        /// @param weight (inputs, outputs)
        @SuppressWarnings("ArrayRecordComponent")
        record Linear(float[][] weight, float[] bias) implements Step {}

        record Activation(Function function) implements Step {}
    }

    private final List<Step> steps = new ArrayList<>();
    private final int inputs;
    private final int outputs;
    private final int[] features = new int[2]; // the widest of every other layer
    private final int blockRows;

    /// @param parameters in the order of the layers, as [Weights#of] gives them; copied, and only theirs taken
    DensePass(List<LayerDescription> layers, Iterator<Parameter> parameters) {
        this.inputs = layers.getFirst().inputs();
        this.outputs = layers.getLast().outputs();
        int linear = 0;
        features[0] = inputs;
        for (LayerDescription layer : layers) {
            switch (layer.layer()) {
                case Layer.Linear _ -> {
                    steps.add(new Step.Linear(
                            BlockKernel.transposed(parameters.next().values(), layer.inputs(), layer.outputs()),
                            parameters.next().values().clone()));
                    linear++;
                    features[linear % 2] = Math.max(features[linear % 2], layer.outputs());
                }
                case Layer.Activation(Function function) -> steps.add(new Step.Activation(function));
                case Layer.Dropout _ -> {} // drops nothing but while training
                case Layer.Sequence _ -> throw new IllegalArgumentException(layer.name() + " is not a dense layer");
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

    @Override
    public float[] reconstruct(float[] windows) {
        int count = windows.length / inputs;
        float[] rebuilt = new float[count * outputs];
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
        float[] value = Arrays.copyOfRange(windows, row * inputs, (row + 1) * inputs);
        for (Step step : steps) {
            switch (step) {
                case Step.Linear(float[][] weight, float[] bias) -> value = RowKernel.linear(value, weight, bias);
                case Step.Activation(Function function) -> RowKernel.activate(function, value);
            }
        }
        System.arraycopy(value, 0, rebuilt, row * outputs, outputs);
    }

    /// @param scratch room for the values, feature by feature
    /// @param otherScratch room for those behind each linear layer in turn
    private void block(
            float[] windows, int first, int rows, float[][] scratch, float[][] otherScratch, float[] rebuilt) {
        float[][] value = scratch;
        float[][] next = otherScratch;
        int filled = inputs;
        BlockKernel.intoFeatures(windows, first, inputs, rows, value);
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
        BlockKernel.fromFeatures(value, first, outputs, rows, rebuilt);
    }
}
