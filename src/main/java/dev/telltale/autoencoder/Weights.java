package dev.telltale.autoencoder;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The parameters of a trained network, by the full path of their block, in the order of the layers.
public final class Weights {

    /// One parameter. Owns its array.
    ///
    /// @param name such as `encoder.0.linear.weight`
    /// @param shape such as (outputs, inputs)
    /// @param values row-major, finite
    @SuppressWarnings("ArrayRecordComponent")
    public record Parameter(String name, List<Integer> shape, float[] values) {

        public Parameter {
            shape = List.copyOf(shape);
            long size = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
            if (size != values.length) {
                throw new IllegalArgumentException(name + " has shape " + shape + " but " + values.length + " values");
            }
        }
    }

    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    public Weights(Collection<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            if (this.parameters.put(parameter.name(), parameter) != null) {
                throw new IllegalArgumentException("two parameters are named " + parameter.name());
            }
        }
    }

    public Collection<Parameter> parameters() {
        return java.util.Collections.unmodifiableCollection(parameters.values());
    }

    /// The parameters in the order of a network's layers.
    ///
    /// @throws dev.telltale.problem.Problem if they are not exactly the network's, or not finite
    public List<Parameter> of(List<LayerDescription> layers) {
        List<ParameterShape> shapes = layers.stream()
                .flatMap(layer -> layer.parameterShapes().stream())
                .toList();
        if (parameters.size() > shapes.size()) {
            throw AutoencoderProblem.BAD_WEIGHTS.because(
                    "there are %d parameters, the network has %d: %s",
                    parameters.size(),
                    shapes.size(),
                    shapes.stream().map(ParameterShape::name).toList());
        }
        return shapes.stream().map(this::fitting).toList();
    }

    private Parameter fitting(ParameterShape expected) {
        Parameter parameter = parameters.get(expected.name());
        if (parameter == null) {
            throw AutoencoderProblem.BAD_WEIGHTS.because("the parameter %s is missing", expected.name());
        }
        if (!parameter.shape().equals(expected.shape())) {
            throw AutoencoderProblem.BAD_WEIGHTS.because(
                    "%s has shape %s, the network expects %s", expected.name(), parameter.shape(), expected.shape());
        }
        for (float value : parameter.values()) {
            if (!Float.isFinite(value)) {
                throw AutoencoderProblem.BAD_WEIGHTS.because(
                        "%s holds %s, not a finite number", expected.name(), value);
            }
        }
        return parameter;
    }

    /// How many numbers the network has learned.
    public long count() {
        return parameters.values().stream().mapToLong(p -> p.values().length).sum();
    }
}
