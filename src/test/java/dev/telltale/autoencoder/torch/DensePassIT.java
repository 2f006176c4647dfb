package dev.telltale.autoencoder.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.DensePass;
import dev.telltale.autoencoder.LayerDescription;
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
class DensePassIT {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void answersAsTheTrainedNetworkDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int length = random.nextInt(1, 20);
        Architecture architecture = RandomNetworks.architecture(random);
        List<LayerDescription> layers = architecture.layers(length, 1);
        Weights weights = RandomNetworks.weights(architecture, length, 1, random);
        Windows windows = RandomNetworks.windows(random.nextInt(1, 600), length, 1, random);

        float[] rebuilt = new DensePass(layers, weights.of(layers)).reconstruct(windows.values());

        float[] expected = byTheEngine(layers, weights, windows);
        for (int i = 0; i < expected.length; i++) {
            assertThat(rebuilt[i]).isCloseTo(expected[i], within(1e-5f * Math.max(1e-1f, Math.abs(expected[i]))));
        }
    }

    private static float[] byTheEngine(List<LayerDescription> layers, Weights weights, Windows windows) {
        SharedEngine.ENGINE.prepareThread();
        try (NativeScope scope = SharedEngine.ENGINE.newScope()) {
            NDArray input = scope.manager().create(windows.values(), new Shape(windows.count(), windows.width()));
            try (NDArray output = new Network(scope, layers, weights).forward(input, false)) {
                return output.toFloatArray();
            }
        }
    }
}
