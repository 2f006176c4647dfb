package dev.telltale.autoencoder.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.autoencoder.NetworkPass;
import dev.telltale.autoencoder.RandomNetworks;
import dev.telltale.autoencoder.Weights;
import dev.telltale.signal.Windows;
import dev.telltale.torch.NativeScope;
import dev.telltale.torch.SharedEngine;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What trains a network and what scores with it must mean the same by it.
class NetworkPassIT {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void answersAsTheTrainedNetworkDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        assertSameAnswers(RandomNetworks.dense(random, false), random, 0.1f);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void answersAsTheTrainedNetworkWithAttentionDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        // Normalised rows of few values depend on small differences of large ones.
        assertSameAnswers(RandomNetworks.attention(random, 0), random, 1);
    }

    /// @param architecture one that drops nothing
    /// @param scale of the values whose hundred-thousandth counts as the same
    private static void assertSameAnswers(Architecture architecture, SplittableRandom random, float scale) {
        int length = random.nextInt(1, 20);
        int channels = random.nextInt(1, 4);
        List<LayerDescription> layers = architecture.layers(length, channels);
        Weights weights = RandomNetworks.weights(architecture, length, channels, random);
        Windows windows = RandomNetworks.windows(random.nextInt(1, 600), length, channels, random);

        float[] rebuilt = NetworkPass.of(layers, weights.of(layers)).reconstruct(windows.values());

        float[] expected = byTheEngine(layers, weights, windows);
        for (int i = 0; i < expected.length; i++) {
            assertThat(rebuilt[i]).isCloseTo(expected[i], within(1e-5f * Math.max(scale, Math.abs(expected[i]))));
        }
    }

    private static float[] byTheEngine(List<LayerDescription> layers, Weights weights, Windows windows) {
        SharedEngine.ENGINE.prepareThread();
        try (NativeScope scope = SharedEngine.ENGINE.newScope()) {
            NDArray input = scope.manager().create(windows.values(), new Shape(windows.count(), windows.width()));
            try (NDArray output = new Network(scope, layers, weights).forward(input)) {
                return output.toFloatArray();
            }
        }
    }
}
