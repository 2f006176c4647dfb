package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Layer.Linear;
import java.util.Comparator;
import java.util.List;

/// The shape of a network before training: a preset by its name, or spelled out.
public sealed interface Architecture permits Preset, Architecture.SpelledOut {

    long MOST_PARAMETERS = 20_000_000;

    /// The same spelled out for windows of this shape.
    ///
    /// @throws dev.telltale.problem.Problem if the architecture cannot take such windows
    SpelledOut spelledOut(int length, int channels);

    /// The layers in the order in which a window passes them, parameters counted. The last gives L·C values.
    ///
    /// @throws dev.telltale.problem.Problem if the architecture cannot take such windows or has more
    ///     than 20,000,000 parameters
    default List<LayerDescription> layers(int length, int channels) {
        List<LayerDescription> layers = spelledOut(length, channels).describe(length, channels);
        long parameters = parameters(layers);
        if (parameters > MOST_PARAMETERS) {
            throw AutoencoderProblem.TOO_MANY_PARAMETERS.because(
                    "the network would have %d parameters, at most %d are allowed;"
                            + " fewer units or a shorter window would help",
                    parameters, MOST_PARAMETERS);
        }
        return layers;
    }

    /// How many numbers the network learns.
    default long parameters(int length, int channels) {
        return parameters(layers(length, channels));
    }

    /// The fewest values that stand for a window behind a linear layer before the last one.
    default int bottleneck(int length, int channels) {
        List<LayerDescription> linear = layers(length, channels).stream()
                .filter(layer -> layer.layer() instanceof Linear)
                .toList();
        return linear.stream()
                .limit(Math.max(1, linear.size() - 1))
                .min(Comparator.comparingLong(LayerDescription::values))
                .map(LayerDescription::outputs)
                .orElseThrow();
    }

    private static long parameters(List<LayerDescription> layers) {
        return layers.stream().mapToLong(LayerDescription::parameters).sum();
    }

    /// An architecture that says itself which layers it has.
    sealed interface SpelledOut extends Architecture permits DenseArchitecture, AttentionArchitecture {

        List<LayerDescription> describe(int length, int channels);

        /// The same with another share of values dropped in training.
        ///
        /// @param rate in [0, 1)
        SpelledOut withDropout(double rate);
    }
}
