package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Weights.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// First weights and biases, uniform in ±1/√inputs.
public final class InitialWeights {

    private InitialWeights() {}

    public static Weights of(List<LayerDescription> layers, RandomGenerator random) {
        List<Parameter> parameters = new ArrayList<>();
        for (LayerDescription layer : layers) {
            double bound = 1 / Math.sqrt(layer.inputs());
            for (ParameterShape parameter : layer.parameterShapes()) {
                float[] values = new float[Math.toIntExact(parameter.size())];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextDouble(-bound, bound);
                }
                parameters.add(new Parameter(parameter.name(), parameter.shape(), values));
            }
        }
        return new Weights(parameters);
    }
}
