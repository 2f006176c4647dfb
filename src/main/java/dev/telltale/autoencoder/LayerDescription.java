package dev.telltale.autoencoder;

import java.util.List;

/// One layer in its place in a network.
///
/// @param name its full path, such as `encoder.0.linear`; its parameters are `….weight` and `….bias`
/// @param inputs width of what it takes
/// @param outputs width of what it gives
public record LayerDescription(String name, Layer layer, int inputs, int outputs) {

    /// Such as `linear` or `relu`.
    public String kind() {
        return layer.kind();
    }

    /// The shape of what it gives for one window.
    public List<Integer> outputShape() {
        return List.of(outputs);
    }

    /// What it learns, in order.
    public List<ParameterShape> parameterShapes() {
        return switch (layer) {
            case Layer.Linear _ ->
                List.of(
                        new ParameterShape(name + ".weight", List.of(outputs, inputs)),
                        new ParameterShape(name + ".bias", List.of(outputs)));
            case Layer.Activation _, Layer.Dropout _ -> List.of();
        };
    }

    /// How many numbers it learns.
    public long parameters() {
        return parameterShapes().stream().mapToLong(ParameterShape::size).sum();
    }
}
