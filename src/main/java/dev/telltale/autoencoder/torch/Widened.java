package dev.telltale.autoencoder.torch;

import dev.telltale.autoencoder.Layer;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.autoencoder.ParameterShape;
import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import java.util.ArrayList;
import java.util.List;

/// A network whose narrow layers are filled up with units that nothing listens to. Where a layer has
/// from 2 to 11 units, the matrix kernels sum a row in an order that depends on the row's place in the
/// batch; for one unit, and for 12 and more, they do not.
///
/// @param layers the last of them may give more values than a window has: those behind are idle
record Widened(List<LayerDescription> layers, Weights weights) {

    private static final int LEAST_UNITS = 16;

    static Widened of(List<LayerDescription> layers, Weights weights) {
        List<LayerDescription> wide = new ArrayList<>();
        int width = layers.getFirst().inputs();
        for (LayerDescription layer : layers) {
            LayerDescription wider = switch (layer.layer()) {
                case Layer.Linear(int units) ->
                    new LayerDescription(layer.name(), new Layer.Linear(wide(units)), width, wide(units));
                case Layer.Activation _, Layer.Dropout _ ->
                    new LayerDescription(layer.name(), layer.layer(), width, width);
            };
            wide.add(wider);
            width = wider.outputs();
        }
        return new Widened(wide, widen(weights.of(layers), wide));
    }

    /// Values that the last layer gives for each window.
    int outputs() {
        return layers.getLast().outputs();
    }

    private static int wide(int units) {
        return units == 1 ? 1 : Math.max(units, LEAST_UNITS);
    }

    private static Weights widen(List<Parameter> narrow, List<LayerDescription> layers) {
        List<ParameterShape> shapes = layers.stream()
                .flatMap(layer -> layer.parameterShapes().stream())
                .toList();
        List<Parameter> wide = new ArrayList<>();
        for (int i = 0; i < narrow.size(); i++) {
            wide.add(widen(narrow.get(i), shapes.get(i)));
        }
        return new Weights(wide);
    }

    /// The parameter in the corner of a larger one, zeros around it.
    private static Parameter widen(Parameter narrow, ParameterShape shape) {
        float[] values = new float[Math.toIntExact(shape.size())];
        int from = narrow.shape().getLast(); // values in a row: inputs of a weight, outputs of a bias
        int to = shape.shape().getLast();
        for (int row = 0; row * from < narrow.values().length; row++) {
            System.arraycopy(narrow.values(), row * from, values, row * to, from);
        }
        return new Parameter(narrow.name(), shape.shape(), values);
    }
}
