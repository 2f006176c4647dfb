package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Layer.Activation;
import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Layer.Dropout;
import dev.telltale.autoencoder.Layer.Linear;
import dev.telltale.problem.Excerpt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// An architecture known by its name. The dense ones end with a sigmoid, since scaled values lie in [0, 1].
public enum Preset implements Architecture {
    /// 32-16-32, ReLU.
    BASE,
    /// 256-128-64-128-256, ReLU.
    DENSE,
    /// As `DENSE` with tanh.
    TANH,
    /// As `TANH`, a fifth of the values dropped after the first layer and before the last.
    DROPOUT,
    /// 512-32-512 for windows of 1,000 values, ReLU after the wide layers.
    MANUFACTURING,
    /// Two layers of self-attention with four heads over the rows of a window, a bottleneck of 8.
    ATTENTION;

    private static final int MANUFACTURING_WIDTH = 1_000;
    private static final double DROPOUT_RATE = 0.2;

    /// The preset of a name such as `base`.
    public static Preset of(String name) {
        return Arrays.stream(values())
                .filter(preset -> preset.label().equals(name))
                .findAny()
                .orElseThrow(() -> AutoencoderProblem.BAD_ARCHITECTURE.because(
                        "no preset is named '%s'; there are %s",
                        Excerpt.of(name),
                        Arrays.stream(values()).map(Preset::label).collect(Collectors.joining(", "))));
    }

    /// Its name as users write it, such as `base`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public SpelledOut spelledOut(int length, int channels) {
        int width = LayerStack.width(length, channels);
        return switch (this) {
            case BASE -> new DenseArchitecture(widths(Function.RELU, 32, 16), ending(widths(Function.RELU, 32), width));
            case DENSE -> wide(Function.RELU, width);
            case TANH -> wide(Function.TANH, width);
            case DROPOUT -> withDropout(wide(Function.TANH, width));
            case MANUFACTURING -> manufacturing(length, channels);
            case ATTENTION -> AttentionArchitecture.DEFAULT;
        };
    }

    private static DenseArchitecture wide(Function function, int width) {
        return new DenseArchitecture(widths(function, 256, 128, 64), ending(widths(function, 128, 256), width));
    }

    private static DenseArchitecture withDropout(DenseArchitecture plain) {
        List<Layer.Dense> encoder = new ArrayList<>(plain.encoder());
        encoder.add(2, new Dropout(DROPOUT_RATE)); // after the first linear layer and its activation
        List<Layer.Dense> decoder = new ArrayList<>(plain.decoder());
        decoder.add(decoder.size() - 2, new Dropout(DROPOUT_RATE)); // before the last linear layer and the sigmoid
        return new DenseArchitecture(encoder, decoder);
    }

    private static DenseArchitecture manufacturing(int length, int channels) {
        if ((long) length * channels != MANUFACTURING_WIDTH) {
            throw AutoencoderProblem.SHAPE_MISMATCH.because(
                    "the preset manufacturing takes windows of %d values, but length %d × %d channels are %d",
                    MANUFACTURING_WIDTH, length, channels, (long) length * channels);
        }
        List<Layer.Dense> encoder = new ArrayList<>(widths(Function.RELU, 512));
        encoder.add(new Linear(32));
        return new DenseArchitecture(encoder, ending(widths(Function.RELU, 512), MANUFACTURING_WIDTH));
    }

    private static List<Layer.Dense> widths(Function function, int... widths) {
        List<Layer.Dense> layers = new ArrayList<>();
        for (int units : widths) {
            layers.add(new Linear(units));
            layers.add(new Activation(function));
        }
        return layers;
    }

    private static List<Layer.Dense> ending(List<Layer.Dense> layers, int width) {
        layers.add(new Linear(width));
        layers.add(new Activation(Function.SIGMOID));
        return layers;
    }
}
