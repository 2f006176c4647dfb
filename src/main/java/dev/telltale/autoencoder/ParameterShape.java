package dev.telltale.autoencoder;

import java.util.List;

/// What a network expects one of its parameters to be.
///
/// @param name such as `encoder.0.linear.weight`
/// @param shape such as (outputs, inputs)
public record ParameterShape(String name, List<Integer> shape) {

    public ParameterShape {
        shape = List.copyOf(shape);
    }

    /// How many numbers it has.
    public long size() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }
}
