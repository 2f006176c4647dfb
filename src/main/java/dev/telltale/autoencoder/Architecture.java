package dev.telltale.autoencoder;

import java.util.ArrayList;
import java.util.List;

/// The shape of a network before training: a preset by its name, or layers spelled out.
public sealed interface Architecture permits Preset, Architecture.Dense {

    long MOST_PARAMETERS = 20_000_000;

    /// The layers spelled out for windows of this shape, ending with one that gives L·C values.
    ///
    /// @throws dev.telltale.problem.Problem if the architecture cannot take such windows
    Dense dense(int length, int channels);

    /// The layers in the order in which a window passes them, parameters counted.
    ///
    /// @throws dev.telltale.problem.Problem if the architecture cannot take such windows or has more
    ///     than 20,000,000 parameters
    default List<LayerDescription> layers(int length, int channels) {
        Dense dense = dense(length, channels);
        List<LayerDescription> layers = new ArrayList<>();
        int width = describe("encoder", dense.encoder(), length * channels, layers);
        describe("decoder", dense.decoder(), width, layers);
        long parameters = parameters(layers);
        if (parameters > MOST_PARAMETERS) {
            throw AutoencoderProblem.TOO_MANY_PARAMETERS.because(
                    "the network would have %d parameters, at most %d are allowed;"
                            + " fewer units or a shorter window would help",
                    parameters, MOST_PARAMETERS);
        }
        return List.copyOf(layers);
    }

    /// How many numbers the network learns.
    default long parameters(int length, int channels) {
        return parameters(layers(length, channels));
    }

    /// Width of the narrowest linear layer before the last one.
    default int bottleneck(int length, int channels) {
        List<Integer> widths = layers(length, channels).stream()
                .filter(layer -> layer.layer() instanceof Layer.Linear)
                .map(LayerDescription::outputs)
                .toList();
        return widths.stream()
                .limit(Math.max(1, widths.size() - 1))
                .min(Integer::compare)
                .orElseThrow();
    }

    private static int describe(String part, List<Layer> steps, int inputs, List<LayerDescription> layers) {
        int width = inputs;
        for (int i = 0; i < steps.size(); i++) {
            Layer layer = steps.get(i);
            int outputs = layer instanceof Layer.Linear(int units) ? units : width;
            layers.add(new LayerDescription(part + "." + i + "." + layer.kind(), layer, width, outputs));
            width = outputs;
        }
        return width;
    }

    private static long parameters(List<LayerDescription> layers) {
        return layers.stream().mapToLong(LayerDescription::parameters).sum();
    }

    /// Layers one after the other. A window enters as L·C values in a row.
    ///
    /// @param encoder at least one of them linear
    /// @param decoder where its last linear layer does not give L·C values, a linear layer that does
    ///     is added; 64 layers at most in all, that one included
    record Dense(List<Layer> encoder, List<Layer> decoder) implements Architecture {

        public static final int MOST_LAYERS = 64;

        public Dense {
            encoder = List.copyOf(encoder);
            decoder = List.copyOf(decoder);
            if (encoder.stream().noneMatch(Layer.Linear.class::isInstance)) {
                throw AutoencoderProblem.BAD_ARCHITECTURE.because("the encoder needs at least one linear layer");
            }
            if (encoder.size() + decoder.size() > MOST_LAYERS) {
                throw AutoencoderProblem.BAD_ARCHITECTURE.because(
                        "at most %d layers are allowed, the output layer included, not %d",
                        MOST_LAYERS, encoder.size() + decoder.size());
            }
        }

        @Override
        public Dense dense(int length, int channels) {
            int width = widthOf(length, channels);
            return lastUnits(decoder) == width ? this : new Dense(encoder, with(decoder, new Layer.Linear(width)));
        }

        private static int widthOf(int length, int channels) {
            long width = (long) length * channels;
            if (width < 1 || width > Layer.Linear.MOST_UNITS) {
                throw AutoencoderProblem.BAD_ARCHITECTURE.because(
                        "a window of %d rows and %d channels has %d values, a network takes from 1 to %d",
                        length, channels, width, Layer.Linear.MOST_UNITS);
            }
            return (int) width;
        }

        private static int lastUnits(List<Layer> layers) {
            for (Layer layer : layers.reversed()) {
                if (layer instanceof Layer.Linear(int units)) {
                    return units;
                }
            }
            return 0;
        }

        private static List<Layer> with(List<Layer> layers, Layer last) {
            List<Layer> longer = new ArrayList<>(layers);
            longer.add(last);
            return longer;
        }
    }
}
