package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Weights.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// First weights and biases, uniform in ±1/√inputs; a normalisation begins by leaving rows as they are.
public final class InitialWeights {

    private InitialWeights() {}

    public static Weights of(List<LayerDescription> layers, RandomGenerator random) {
        List<Parameter> parameters = new ArrayList<>();
        for (LayerDescription layer : layers) {
            for (ParameterShape parameter : layer.parameterShapes()) {
                float[] values = new float[Math.toIntExact(parameter.size())];
                if (layer.layer() instanceof Layer.Norm) {
                    Arrays.fill(values, parameter.name().endsWith(".weight") ? 1 : 0);
                } else {
                    fill(values, 1 / Math.sqrt(layer.inputs()), random);
                }
                parameters.add(new Parameter(parameter.name(), parameter.shape(), values));
            }
        }
        return new Weights(parameters);
    }

    private static void fill(float[] values, double bound, RandomGenerator random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-bound, bound);
        }
    }
}
