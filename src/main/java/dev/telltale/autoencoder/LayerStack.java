package dev.telltale.autoencoder;

import java.util.ArrayList;
import java.util.List;

/// Layers as they are put one on the other, each for the shape that the one below gives.
final class LayerStack {

    private final List<LayerDescription> layers = new ArrayList<>();
    private List<Integer> shape;

    /// @param shape of what enters the first layer
    LayerStack(List<Integer> shape) {
        this.shape = shape;
    }

    /// @param name its full path
    LayerStack add(String name, Layer layer) {
        LayerDescription next = LayerDescription.of(name, layer, shape);
        layers.add(next);
        shape = next.outputShape();
        return this;
    }

    /// @param part how the layers' names begin; their place in the part and their kind follow
    LayerStack add(String part, List<? extends Layer> some) {
        for (int i = 0; i < some.size(); i++) {
            add(part + "." + i + "." + some.get(i).kind(), some.get(i));
        }
        return this;
    }

    List<LayerDescription> layers() {
        return List.copyOf(layers);
    }

    /// L·C, what a network takes and gives for a window.
    ///
    /// @throws dev.telltale.problem.Problem if no layer can be as wide
    static int width(int length, int channels) {
        long width = (long) length * channels;
        if (width < 1 || width > Layer.Linear.MOST_UNITS) {
            throw AutoencoderProblem.BAD_ARCHITECTURE.because(
                    "a window of %d rows and %d channels has %d values, a network takes from 1 to %d",
                    length, channels, width, Layer.Linear.MOST_UNITS);
        }
        return (int) width;
    }
}
