package dev.telltale.autoencoder;

import java.util.List;

/// One layer in its place in a network.
///
/// @param name its full path, such as `encoder.0.linear`; the names of its parameters begin with it
/// @param inputShape of what it takes for one window
/// @param outputShape of what it gives for one window
public record LayerDescription(String name, Layer layer, List<Integer> inputShape, List<Integer> outputShape) {

    public LayerDescription {
        inputShape = List.copyOf(inputShape);
        outputShape = List.copyOf(outputShape);
    }

    static LayerDescription of(String name, Layer layer, List<Integer> inputShape) {
        return new LayerDescription(name, layer, inputShape, layer.outputShape(inputShape));
    }

    /// Such as `linear` or `relu`.
    public String kind() {
        return layer.kind();
    }

    /// Width of what it takes: of a sequence, of each row.
    public int inputs() {
        return inputShape.getLast();
    }

    /// Width of what it gives: of a sequence, of each row.
    public int outputs() {
        return outputShape.getLast();
    }

    /// How many values it gives for one window.
    public long values() {
        return outputShape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /// Heads of self-attention, 0 of other layers.
    public int attentionHeads() {
        return layer instanceof Layer.SelfAttention(int heads) ? heads : 0;
    }

    /// What it learns, in order.
    public List<ParameterShape> parameterShapes() {
        return layer.parameterShapes(name, inputShape);
    }

    /// How many numbers it learns.
    public long parameters() {
        return parameterShapes().stream().mapToLong(ParameterShape::size).sum();
    }
}
