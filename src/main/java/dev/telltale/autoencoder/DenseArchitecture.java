package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Layer.Linear;
import java.util.ArrayList;
import java.util.List;

/// Layers one after the other. A window enters as L·C values in a row.
///
/// @param encoder at least one of them linear
/// @param decoder where its last linear layer does not give L·C values, a linear layer that does
///     is added; 64 layers at most in all, that one included
public record DenseArchitecture(List<Layer.Dense> encoder, List<Layer.Dense> decoder)
        implements Architecture.SpelledOut {

    public static final int MOST_LAYERS = 64;

    public DenseArchitecture {
        encoder = List.copyOf(encoder);
        decoder = List.copyOf(decoder);
        if (encoder.stream().noneMatch(Linear.class::isInstance)) {
            throw AutoencoderProblem.BAD_ARCHITECTURE.because("the encoder needs at least one linear layer");
        }
        if (encoder.size() + decoder.size() > MOST_LAYERS) {
            throw AutoencoderProblem.BAD_ARCHITECTURE.because(
                    "at most %d layers are allowed, the output layer included, not %d",
                    MOST_LAYERS, encoder.size() + decoder.size());
        }
    }

    /// With the output layer.
    @Override
    public DenseArchitecture spelledOut(int length, int channels) {
        int width = LayerStack.width(length, channels);
        return lastUnits(decoder) == width ? this : new DenseArchitecture(encoder, with(decoder, new Linear(width)));
    }

    @Override
    public List<LayerDescription> describe(int length, int channels) {
        return new LayerStack(List.of(length * channels))
                .add("encoder", encoder)
                .add("decoder", decoder)
                .layers();
    }

    /// Behind the encoder's first linear layer and its activation, and before the decoder's last linear layer, in
    /// place of all dropout there was.
    @Override
    public DenseArchitecture withDropout(double rate) {
        List<Layer.Dense> front = withoutDropout(encoder);
        List<Layer.Dense> back = withoutDropout(decoder);
        if (rate > 0) {
            int first = indexOfLinear(front, 0, 1);
            boolean activated = first + 1 < front.size() && front.get(first + 1) instanceof Layer.Activation;
            front.add(first + (activated ? 2 : 1), new Layer.Dropout(rate));
            if (back.stream().anyMatch(Linear.class::isInstance)) {
                back.add(indexOfLinear(back, back.size() - 1, -1), new Layer.Dropout(rate));
            }
        }
        return new DenseArchitecture(front, back);
    }

    private static List<Layer.Dense> withoutDropout(List<Layer.Dense> layers) {
        List<Layer.Dense> kept = new ArrayList<>(layers);
        kept.removeIf(Layer.Dropout.class::isInstance);
        return kept;
    }

    private static int indexOfLinear(List<Layer.Dense> layers, int from, int step) {
        int index = from;
        while (!(layers.get(index) instanceof Linear)) {
            index += step;
        }
        return index;
    }

    private static int lastUnits(List<Layer.Dense> layers) {
        for (Layer layer : layers.reversed()) {
            if (layer instanceof Linear(int units)) {
                return units;
            }
        }
        return 0;
    }

    private static List<Layer.Dense> with(List<Layer.Dense> layers, Layer.Dense last) {
        List<Layer.Dense> longer = new ArrayList<>(layers);
        longer.add(last);
        return longer;
    }
}
