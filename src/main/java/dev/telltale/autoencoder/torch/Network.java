package dev.telltale.autoencoder.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import dev.telltale.autoencoder.Layer;
import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Layer.Positions.Encoding;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import dev.telltale.torch.NativeScope;
import dev.telltale.torch.SharedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// A network's parameters in native memory, and the way of a batch through its layers while it is trained.
final class Network {

    /// A layer that changes what passes it.
    ///
    /// @param own its parameters, or what it adds that is not learned
    /// @param added number of the step whose input is added by an [Layer.Add]; else the step's own
    /// @param lastUse number of the last step that takes what enters this one
    private record Step(LayerDescription layer, List<SharedTensor> own, int added, int lastUse) {

        Step usedBy(int later) {
            return new Step(layer, own, added, later);
        }
    }

    private final List<SharedTensor> parameters = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    /// @throws dev.telltale.problem.Problem if the weights are not those of the layers or not finite
    Network(NativeScope scope, List<LayerDescription> layers, Weights weights) {
        for (Parameter parameter : weights.of(layers)) {
            parameters.add(tensor(scope, parameter.shape(), parameter.values()));
        }
        int[] stepOf = new int[layers.size()]; // the step that takes what enters a layer
        int taken = 0;
        for (int i = 0; i < layers.size(); i++) {
            LayerDescription layer = layers.get(i);
            stepOf[i] = steps.size();
            int needed = layer.parameterShapes().size();
            if (changesValues(layer.layer())) {
                int added = layer.layer() instanceof Layer.Add(int back) ? stepOf[i - back] : stepOf[i];
                steps.add(new Step(
                        layer, own(scope, layer, parameters.subList(taken, taken + needed)), added, stepOf[i]));
                steps.set(added, steps.get(added).usedBy(stepOf[i]));
            }
            taken += needed;
        }
    }

    private static boolean changesValues(Layer layer) {
        return switch (layer) {
            case Layer.Activation(Function function) -> function != Function.IDENTITY;
            case Layer.Dropout(double rate) -> rate > 0;
            case Layer.Linear _, Layer.Sequence _ -> true;
        };
    }

    private static List<SharedTensor> own(NativeScope scope, LayerDescription layer, List<SharedTensor> learned) {
        return switch (layer.layer()) {
            case Layer.Positions(Encoding encoding)
            when encoding == Encoding.SINUSOIDAL ->
                List.of(tensor(scope, layer.inputShape(), Layer.Positions.sinusoids(layer.inputShape())));
            case Layer.SelfAttention(int heads) -> {
                List<SharedTensor> all = new ArrayList<>(learned);
                all.add(number(
                        scope, (float) Math.sqrt((double) layer.inputShape().getLast() / heads)));
                yield all;
            }
            case Layer.Dense _, Layer.Positions _, Layer.Norm _, Layer.Add _, Layer.Flatten _ -> learned;
        };
    }

    /// A number to calculate with where gradients are wanted. DJL lays a plain one into a buffer that the garbage
    /// collector frees once the operation is done, while the engine keeps its address for the way back.
    private static SharedTensor number(NativeScope scope, float value) {
        SharedTensor tensor = scope.zeros();
        tensor.values().setAtIndex(ValueLayout.JAVA_FLOAT, 0, value);
        return tensor;
    }

    private static SharedTensor tensor(NativeScope scope, List<Integer> shape, float[] values) {
        SharedTensor tensor =
                scope.zeros(shape.stream().mapToLong(Integer::longValue).toArray());
        MemorySegment.copy(values, 0, tensor.values(), ValueLayout.JAVA_FLOAT, 0, values.length);
        return tensor;
    }

    /// The parameters in the order of the layers.
    List<SharedTensor> parameters() {
        return parameters;
    }

    /// What the network makes of a batch. The answer belongs to the caller; every array between is
    /// closed as soon as nothing more is computed of it.
    ///
    /// @param input (N, L·C)
    /// @return (N, L·C)
    NDArray forward(NDArray input) {
        List<Integer> shape = steps.getFirst().layer().inputShape();
        if (shape.size() == 1) {
            return through(input);
        }
        try (NDArray sequences = input.reshape(batch(input, shape))) {
            return through(sequences);
        }
    }

    private NDArray through(NDArray input) {
        NDArray[] entering = new NDArray[steps.size() + 1];
        entering[0] = input;
        for (int i = 0; i < steps.size(); i++) {
            entering[i + 1] = apply(steps.get(i), entering, i);
            close(entering, i);
        }
        return entering[steps.size()];
    }

    /// Closes what no step behind this one takes, but the input.
    private void close(NDArray[] entering, int step) {
        for (int before = 1; before <= step; before++) {
            if (steps.get(before).lastUse() == step) {
                entering[before].close();
            }
        }
    }

    private static Shape batch(NDArray input, List<Integer> shape) {
        long[] dimensions = new long[shape.size() + 1];
        dimensions[0] = input.size(0);
        for (int i = 0; i < shape.size(); i++) {
            dimensions[i + 1] = shape.get(i);
        }
        return new Shape(dimensions);
    }

    private static NDArray apply(Step step, NDArray[] entering, int number) {
        NDArray value = entering[number];
        List<SharedTensor> own = step.own();
        return switch (step.layer().layer()) {
            case Layer.Linear _ -> linear(own, value); // (N, …, inputs) → (N, …, outputs)
            case Layer.Activation(Function function) -> activate(function, value);
            case Layer.Dropout(double rate) ->
                Dropout.dropout(value, (float) rate, true).singletonOrThrow();
            case Layer.Positions _ -> value.add(own.getFirst().array()); // (N, L, width) + (L, width)
            case Layer.Norm _ ->
                LayerNorm.layerNorm(
                                value,
                                new Shape(step.layer().inputs()),
                                own.getFirst().array(),
                                own.getLast().array(),
                                Layer.Norm.EPSILON)
                        .singletonOrThrow();
            case Layer.SelfAttention(int heads) -> attend(own, value, heads);
            case Layer.Add _ -> value.add(entering[step.added()]);
            case Layer.Flatten _ -> value.reshape(batch(value, step.layer().outputShape()));
        };
    }

    private static NDArray linear(List<SharedTensor> weightAndBias, NDArray value) {
        NDArray weight = weightAndBias.getFirst().array(); // (outputs, inputs)
        NDArray bias = weightAndBias.getLast().array(); // (outputs)
        return Linear.linear(value, weight, bias).singletonOrThrow();
    }

    /// @param maps those learned, and the root of a head's depth
    /// @param value (N, L, width)
    private static NDArray attend(List<SharedTensor> maps, NDArray value, int heads) {
        try (NDArray query = perHead(maps.subList(0, 2), value, heads);
                NDArray key = perHead(maps.subList(2, 4), value, heads);
                NDArray keys = key.transpose(0, 1, 3, 2); // (N, heads, depth, L)
                NDArray products = query.matMul(keys); // (N, heads, L, L)
                NDArray scores = products.div(maps.getLast().array());
                NDArray weights = scores.softmax(-1);
                NDArray values = perHead(maps.subList(4, 6), value, heads);
                NDArray contexts = weights.matMul(values); // (N, heads, L, depth)
                NDArray rows = contexts.transpose(0, 2, 1, 3);
                NDArray context = rows.reshape(value.getShape())) { // (N, L, width)
            return linear(maps.subList(6, 8), context);
        }
    }

    /// (N, L, width) → (N, heads, L, depth).
    private static NDArray perHead(List<SharedTensor> map, NDArray value, int heads) {
        Shape shape = value.getShape();
        try (NDArray mapped = linear(map, value);
                NDArray split = mapped.reshape(shape.get(0), shape.get(1), heads, shape.get(2) / heads)) {
            return split.transpose(0, 2, 1, 3);
        }
    }

    private static NDArray activate(Function function, NDArray value) {
        return switch (function) {
            case RELU -> Activation.relu(value);
            case TANH -> Activation.tanh(value);
            case SIGMOID -> Activation.sigmoid(value);
            case GELU -> Activation.gelu(value);
            case IDENTITY -> value;
        };
    }
}
