package dev.telltale.autoencoder.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import dev.telltale.autoencoder.Layer;
import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import dev.telltale.torch.NativeScope;
import dev.telltale.torch.SharedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// A network's parameters in native memory, and the way of a batch through its layers.
final class Network {

    private record Step(Layer layer, List<SharedTensor> parameters) {

        boolean changesValues(boolean training) {
            return switch (layer) {
                case Layer.Linear _ -> true;
                case Layer.Activation(Function function) -> function != Function.IDENTITY;
                case Layer.Dropout _ -> training;
            };
        }
    }

    private final List<SharedTensor> parameters = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    /// @throws dev.telltale.problem.Problem if the weights are not those of the layers or not finite
    Network(NativeScope scope, List<LayerDescription> layers, Weights weights) {
        for (Parameter parameter : weights.of(layers)) {
            SharedTensor tensor = scope.zeros(
                    parameter.shape().stream().mapToLong(Integer::longValue).toArray());
            MemorySegment.copy(
                    parameter.values(), 0, tensor.values(), ValueLayout.JAVA_FLOAT, 0, parameter.values().length);
            parameters.add(tensor);
        }
        int taken = 0;
        for (LayerDescription layer : layers) {
            int needed = layer.parameterShapes().size();
            steps.add(new Step(layer.layer(), parameters.subList(taken, taken + needed)));
            taken += needed;
        }
    }

    /// The parameters in the order of the layers.
    List<SharedTensor> parameters() {
        return parameters;
    }

    /// What the network makes of a batch. The answer belongs to the caller; every array between is
    /// closed as soon as the next one exists.
    ///
    /// @param input (N, L·C)
    /// @param training whether dropout drops
    /// @return (N, L·C)
    NDArray forward(NDArray input, boolean training) {
        NDArray value = input;
        boolean ours = false;
        for (Step step : steps) {
            if (step.changesValues(training)) {
                NDArray next = apply(step, value);
                if (ours) {
                    value.close();
                }
                value = next;
                ours = true;
            }
        }
        return value;
    }

    private static NDArray apply(Step step, NDArray value) {
        return switch (step.layer()) {
            case Layer.Linear _ -> linear(step, value); // (N, inputs) → (N, outputs)
            case Layer.Activation(Function function) -> activate(function, value);
            case Layer.Dropout(double rate) ->
                Dropout.dropout(value, (float) rate, true).singletonOrThrow();
        };
    }

    private static NDArray linear(Step step, NDArray value) {
        NDArray weight = step.parameters().getFirst().array(); // (outputs, inputs)
        NDArray bias = step.parameters().getLast().array(); // (outputs)
        return Linear.linear(value, weight, bias).singletonOrThrow();
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
