package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Layer.Positions.Encoding;
import dev.telltale.autoencoder.Weights.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// The way through a network that takes windows as sequences until it flattens them, and through the dense
/// layers behind that.
final class AttentionPass implements NetworkPass {

    private static final int MOST_ROWS = 508; // of windows that go through the sequence layers together
    private static final int MOST_FLAT = 1 << 20; // floats between the sequence layers and the dense ones
    private static final AttentionKernel.Witness NOBODY = (head, weights, from, rows) -> {};

    private sealed interface Step {

        /// @param weight (inputs, outputs)
        @SuppressWarnings("ArrayRecordComponent")
        record Linear(float[][] weight, float[] bias) implements Step {}

        record Activation(Function function) implements Step {}

        /// @param values (width, L)
        @SuppressWarnings("ArrayRecordComponent")
        record Positions(float[][] values) implements Step {}

        @SuppressWarnings("ArrayRecordComponent")
        record Norm(float[] weight, float[] bias) implements Step {}

        record SelfAttention(int heads, Linear query, Linear key, Linear value, Linear output) implements Step {}

        /// @param back steps to the one whose input is added
        record Add(int back) implements Step {}

        record Nothing() implements Step {}
    }

    /// Hears of the weights of all attention layers, of which the first is 0.
    private interface Witness {

        AttentionKernel.Witness of(int layer);
    }

    private final List<Step> steps = new ArrayList<>();
    private final boolean[] addedLater;
    private final int length;
    private final int channels;
    private final int width;
    private final DensePass dense;

    /// @param layers those for sequences, a [Layer.Flatten], dense ones
    /// @param parameters in the order of the layers, copied
    AttentionPass(List<LayerDescription> layers, Iterator<Parameter> parameters) {
        this.length = layers.getFirst().inputShape().getFirst();
        this.channels = layers.getFirst().inputs();
        int flattened = 0;
        while (!(layers.get(flattened).layer() instanceof Layer.Flatten)) {
            steps.add(step(layers.get(flattened), parameters));
            flattened++;
        }
        this.width = layers.get(flattened).inputs();
        this.dense = new DensePass(layers.subList(flattened + 1, layers.size()), parameters);
        this.addedLater = new boolean[steps.size()];
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Step.Add(int back)) {
                addedLater[i - back] = true;
            }
        }
    }

    private static Step step(LayerDescription layer, Iterator<Parameter> parameters) {
        return switch (layer.layer()) {
            case Layer.Linear _ -> linear(layer.inputs(), layer.outputs(), parameters);
            case Layer.Activation(Function function) -> new Step.Activation(function);
            case Layer.Dropout _ -> new Step.Nothing(); // drops nothing but while training
            case Layer.Positions(Encoding encoding) ->
                new Step.Positions(BlockKernel.transposed(
                        switch (encoding) {
                            case SINUSOIDAL -> Layer.Positions.sinusoids(layer.inputShape());
                            case LEARNED -> parameters.next().values();
                        },
                        layer.inputs(),
                        layer.inputShape().getFirst()));
            case Layer.Norm _ ->
                new Step.Norm(
                        parameters.next().values().clone(),
                        parameters.next().values().clone());
            case Layer.SelfAttention(int heads) -> {
                int width = layer.inputs();
                yield new Step.SelfAttention(
                        heads,
                        linear(width, width, parameters),
                        linear(width, width, parameters),
                        linear(width, width, parameters),
                        linear(width, width, parameters));
            }
            case Layer.Add(int back) -> new Step.Add(back);
            case Layer.Flatten _ -> throw new IllegalArgumentException("nothing is flattened twice");
        };
    }

    private static Step.Linear linear(int inputs, int outputs, Iterator<Parameter> parameters) {
        return new Step.Linear(
                BlockKernel.transposed(parameters.next().values(), inputs, outputs),
                parameters.next().values().clone());
    }

    @Override
    public float[] reconstruct(float[] windows) {
        int size = length * channels;
        int count = windows.length / size;
        float[] rebuilt = new float[windows.length];
        int together = Math.clamp(MOST_FLAT / (length * width), 1, Math.max(1, count));
        for (int done = 0; done < count; done += together) {
            int some = Math.min(together, count - done);
            float[] flat = flatten(windows, done, some, _ -> NOBODY);
            System.arraycopy(dense.reconstruct(flat), 0, rebuilt, done * size, some * size);
        }
        return rebuilt;
    }

    @Override
    public Optional<AttentionWeights> attention(float[] window) {
        List<Step.SelfAttention> layers = steps.stream()
                .filter(Step.SelfAttention.class::isInstance)
                .map(Step.SelfAttention.class::cast)
                .toList();
        AttentionWeights all =
                new AttentionWeights(layers.size(), layers.getFirst().heads(), length);
        flatten(window, 0, 1, layer -> (head, weights, from, rows) -> {
            for (int other = 0; other < length; other++) {
                for (int row = 0; row < rows; row++) {
                    all.share(layer, head, from + row, other, weights[other][row]);
                }
            }
        });
        return Optional.of(all);
    }

    /// What the sequence layers make of some windows, shape (count, L·width).
    private float[] flatten(float[] windows, int first, int count, Witness witness) {
        float[] flat = new float[count * length * width];
        int together = Math.max(1, MOST_ROWS / length);
        Scratch scratch = new Scratch(Math.min(together, count) * length);
        for (int done = 0; done < count; done += together) {
            int rows = Math.min(together, count - done) * length;
            float[][] rowsOfAll = scratch.take(channels);
            BlockKernel.intoFeatures(windows, (first + done) * length, channels, rows, rowsOfAll);
            float[][] value = through(rowsOfAll, rows, scratch, witness);
            BlockKernel.fromFeatures(value, done * length, width, rows, flat);
            scratch.give(value);
        }
        return flat;
    }

    /// @param input (C, rows), given to the scratch
    /// @return (width, rows), taken from it
    private float[][] through(float[][] input, int rows, Scratch scratch, Witness witness) {
        float[][][] kept = new float[steps.size()][][];
        float[][] value = input;
        int attentions = 0;
        for (int i = 0; i < steps.size(); i++) {
            if (addedLater[i]) {
                kept[i] = value;
            }
            value = switch (steps.get(i)) {
                case Step.Linear linear -> inPlaceOf(value, i, apply(linear, value, rows, scratch), scratch);
                case Step.Norm(float[] weight, float[] bias) -> {
                    float[][] normalised = scratch.take(weight.length);
                    AttentionKernel.normalise(value, weight, bias, normalised, rows);
                    yield inPlaceOf(value, i, normalised, scratch);
                }
                case Step.SelfAttention attention ->
                    inPlaceOf(value, i, attend(attention, value, rows, scratch, witness.of(attentions++)), scratch);
                case Step.Activation(Function function) -> {
                    float[][] activated = owned(value, i, rows, scratch);
                    BlockKernel.activate(function, activated, activated.length, rows);
                    yield activated;
                }
                case Step.Positions(float[][] values) -> {
                    float[][] placed = owned(value, i, rows, scratch);
                    place(values, placed, rows);
                    yield placed;
                }
                case Step.Add(int back) -> {
                    float[][] sum = owned(value, i, rows, scratch);
                    for (int d = 0; d < sum.length; d++) {
                        AttentionKernel.add(kept[i - back][d], sum[d], rows);
                    }
                    scratch.give(kept[i - back]);
                    yield sum;
                }
                case Step.Nothing _ -> owned(value, i, rows, scratch);
            };
        }
        return value;
    }

    /// What a step made of a value, which is given back unless it is added later.
    private float[][] inPlaceOf(float[][] value, int step, float[][] next, Scratch scratch) {
        if (!addedLater[step]) {
            scratch.give(value);
        }
        return next;
    }

    /// What a step takes and may change: the value itself, or a copy where it is added later.
    private float[][] owned(float[][] value, int step, int rows, Scratch scratch) {
        if (!addedLater[step]) {
            return value;
        }
        float[][] copy = scratch.take(value.length);
        for (int d = 0; d < value.length; d++) {
            System.arraycopy(value[d], 0, copy[d], 0, rows);
        }
        return copy;
    }

    private static float[][] apply(Step.Linear linear, float[][] value, int rows, Scratch scratch) {
        float[][] mapped = scratch.take(linear.bias().length);
        BlockKernel.linear(value, linear.weight(), linear.bias(), mapped, rows);
        return mapped;
    }

    private float[][] attend(
            Step.SelfAttention attention, float[][] value, int rows, Scratch scratch, AttentionKernel.Witness witness) {
        float[][] query = apply(attention.query(), value, rows, scratch);
        float[][] key = apply(attention.key(), value, rows, scratch);
        float[][] values = apply(attention.value(), value, rows, scratch);
        float[][] context = scratch.take(query.length);
        AttentionKernel.attend(query, key, values, context, rows, length, attention.heads(), witness);
        scratch.give(query);
        scratch.give(key);
        scratch.give(values);
        float[][] output = apply(attention.output(), context, rows, scratch);
        scratch.give(context);
        return output;
    }

    private void place(float[][] positions, float[][] value, int rows) {
        for (int d = 0; d < value.length; d++) {
            float[] feature = value[d];
            for (int window = 0; window < rows; window += length) {
                for (int row = 0; row < length; row++) {
                    feature[window + row] += positions[d][row];
                }
            }
        }
    }

    /// Arrays that are used again and again by one call.
    private static final class Scratch {

        private final int rows;
        private final List<float[]> free = new ArrayList<>();

        Scratch(int rows) {
            this.rows = BlockKernel.paddedLength(rows);
        }

        /// Arrays of any content, one for each feature.
        float[][] take(int features) {
            float[][] taken = new float[features][];
            Arrays.setAll(taken, _ -> free.isEmpty() ? new float[rows] : free.removeLast());
            return taken;
        }

        void give(float[][] used) {
            free.addAll(Arrays.asList(used));
        }
    }
}
