package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Layer.Activation;
import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Layer.Linear;
import dev.telltale.autoencoder.Layer.Positions.Encoding;
import dev.telltale.signal.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Small networks and windows by chance.
public final class RandomNetworks {

    private static final List<Function> FUNCTIONS = List.of(Function.values());

    private RandomNetworks() {}

    /// A dense network, or one with attention.
    public static Architecture architecture(SplittableRandom random) {
        return random.nextInt(3) == 0 ? attention(random, random.nextDouble(0.9)) : dense(random, true);
    }

    public static DenseArchitecture dense(SplittableRandom random, boolean withDropout) {
        return new DenseArchitecture(layers(random, withDropout), layers(random, withDropout));
    }

    public static AttentionArchitecture attention(SplittableRandom random, double dropout) {
        int heads = random.nextInt(1, 5);
        return new AttentionArchitecture(
                heads * random.nextInt(1, 6),
                heads,
                random.nextInt(1, 4),
                random.nextInt(1, 20),
                random.nextInt(1, 10),
                dropout,
                random.nextBoolean() ? Encoding.SINUSOIDAL : Encoding.LEARNED);
    }

    private static List<Layer.Dense> layers(SplittableRandom random, boolean withDropout) {
        List<Layer.Dense> layers = new ArrayList<>();
        int count = random.nextInt(1, 4);
        for (int i = 0; i < count; i++) {
            layers.add(new Linear(random.nextInt(1, 70)));
            layers.add(new Activation(FUNCTIONS.get(random.nextInt(FUNCTIONS.size()))));
            if (withDropout && random.nextInt(4) == 0) {
                layers.add(new Layer.Dropout(random.nextDouble()));
            }
        }
        return layers;
    }

    public static Weights weights(Architecture architecture, int length, int channels, SplittableRandom random) {
        return InitialWeights.of(architecture.layers(length, channels), random);
    }

    public static Windows windows(int count, int length, int channels, SplittableRandom random) {
        float[] values = new float[count * length * channels];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble();
        }
        return new Windows(values, length, channels);
    }

    /// Windows of a sine between 0 and 1, 25 rows to the wave.
    public static Windows sine(int count, int length) {
        float[] values = new float[count * length];
        for (int i = 0; i < values.length; i++) {
            int window = i / length;
            double row = window + i % length;
            values[i] = (float) (0.5 + 0.4 * Math.sin(row * 2 * Math.PI / 25));
        }
        return new Windows(values, length, 1);
    }

    /// The windows from one number to before another.
    public static Windows part(Windows windows, int from, int to) {
        int width = windows.width();
        return new Windows(
                Arrays.copyOfRange(windows.values(), from * width, to * width), windows.length(), windows.channels());
    }
}
