package dev.telltale.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Weights.Parameter;
import dev.telltale.problem.Problem;
import dev.telltale.signal.Windows;
import dev.telltale.torch.TorchExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeapReconstructorTest {

    private final TorchExecutor executor = new TorchExecutor(2, 64);
    private final ReconstructorLoader loader = new HeapReconstructorLoader(executor);

    @AfterEach
    void closeTheExecutor() {
        executor.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void answersAsThePlainNetworkDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int length = random.nextInt(1, 20);
        int channels = random.nextInt(1, 4);
        Architecture architecture = RandomNetworks.architecture(random);
        Weights weights = RandomNetworks.weights(architecture, length, channels, random);
        Windows windows = RandomNetworks.windows(random.nextInt(1, 40), length, channels, random);

        float[] rebuilt;
        try (Reconstructor reconstructor = loader.load(architecture, length, channels, weights)) {
            rebuilt = reconstructor.reconstruct(windows).values();
        }

        PlainNetwork plain = new PlainNetwork(architecture.layers(length, channels), weights);
        int width = windows.width();
        for (int n = 0; n < windows.count(); n++) {
            double[] window = new double[width];
            for (int i = 0; i < width; i++) {
                window[i] = windows.values()[n * width + i];
            }
            double[] expected = plain.reconstruct(window);
            for (int i = 0; i < width; i++) {
                assertThat((double) rebuilt[n * width + i])
                        .isCloseTo(expected[i], within(1e-5 * Math.max(1e-2, Math.abs(expected[i]))));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 32, 33, 59, 60, 61, 507, 508, 509, 567, 568, 569, 1_100})
    void answersEveryCountAsItAnswersOneByOne(int count) {
        SplittableRandom random = new SplittableRandom(count);
        for (int i = 0; i < 5; i++) {
            int length = random.nextInt(1, 20);
            Architecture architecture = RandomNetworks.architecture(random);
            Weights weights = RandomNetworks.weights(architecture, length, 1, random);
            Windows windows = RandomNetworks.windows(count, length, 1, random);
            try (Reconstructor reconstructor = loader.load(architecture, length, 1, weights)) {
                float[] together = reconstructor.reconstruct(windows).values();
                for (int n = 0; n < count; n++) {
                    float[] apart = reconstructor
                            .reconstruct(RandomNetworks.part(windows, n, n + 1))
                            .values();
                    assertThat(apart).isEqualTo(Arrays.copyOfRange(together, n * length, (n + 1) * length));
                }
            }
        }
    }

    @Test
    void answersThroughAVeryWideLayerWithTheSameBits() {
        SplittableRandom random = new SplittableRandom(8);
        Architecture wide = new DenseArchitecture(
                List.of(new Layer.Linear(3), new Layer.Linear(Layer.Linear.MOST_UNITS)), List.of(new Layer.Linear(2)));
        Weights weights = RandomNetworks.weights(wide, 2, 1, random);
        Windows windows = RandomNetworks.windows(70, 2, 1, random);

        try (Reconstructor reconstructor = loader.load(wide, 2, 1, weights)) {
            float[] together = reconstructor.reconstruct(windows).values();
            for (int n = 0; n < 70; n++) {
                float[] apart = reconstructor
                        .reconstruct(RandomNetworks.part(windows, n, n + 1))
                        .values();
                assertThat(apart).isEqualTo(Arrays.copyOfRange(together, n * 2, n * 2 + 2));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Function.class)
    void answersWhatIsTooLargeForAFloatWithoutFailing(Function function) {
        Architecture small = new DenseArchitecture(
                List.of(new Layer.Linear(2), new Layer.Activation(function)),
                List.of(new Layer.Linear(1), new Layer.Activation(function)));
        Weights weights = new Weights(List.of(
                new Parameter("encoder.0.linear.weight", List.of(2, 1), new float[] {3e38f, -3e38f}),
                new Parameter("encoder.0.linear.bias", List.of(2), new float[2]),
                new Parameter("decoder.0.linear.weight", List.of(1, 2), new float[] {1, 1}),
                new Parameter("decoder.0.linear.bias", List.of(1), new float[1])));
        float expected = switch (function) {
            case RELU -> Float.POSITIVE_INFINITY;
            case TANH -> 0; // of 1 − 1
            case SIGMOID -> Activations.sigmoid(1);
            case GELU, IDENTITY -> Float.NaN; // of ∞ − ∞
        };

        try (Reconstructor reconstructor = loader.load(small, 1, 1, weights)) {
            for (int count : new int[] {1, 40}) {
                Windows large = new Windows(filled(count, 1e6f), 1, 1);
                assertThat(reconstructor.reconstruct(large).values()).isEqualTo(filled(count, expected));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "base, 1, 1",
        "base, 32, 2",
        "dense, 1, 1",
        "dense, 32, 1",
        "dropout, 7, 3",
        "manufacturing, 500, 2",
        "attention, 32, 2"
    })
    void answersAWindowWithTheSameBitsWhateverComesWithIt(String preset, int length, int channels) {
        SplittableRandom random = new SplittableRandom(5);
        Architecture architecture = Preset.of(preset);
        Weights weights = RandomNetworks.weights(architecture, length, channels, random);
        Windows windows = RandomNetworks.windows(2_100, length, channels, random);

        try (Reconstructor reconstructor = loader.load(architecture, length, channels, weights)) {
            float[] together = reconstructor.reconstruct(windows).values();
            for (int i = 0; i < 60; i++) {
                int from = random.nextInt(windows.count() - 40);
                int to = from + random.nextInt(1, 40);
                float[] apart = reconstructor
                        .reconstruct(RandomNetworks.part(windows, from, to))
                        .values();
                assertThat(apart).isEqualTo(Arrays.copyOfRange(together, from * windows.width(), to * windows.width()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void answersTheSameBitsInEveryPlaceOfABatch(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int length = random.nextInt(1, 50);
        Architecture architecture = RandomNetworks.architecture(random);
        Weights weights = RandomNetworks.weights(architecture, length, 1, random);
        Windows one = RandomNetworks.windows(1, length, 1, random);
        int copies = 1_500;
        float[] repeated = new float[copies * length];
        for (int i = 0; i < copies; i++) {
            System.arraycopy(one.values(), 0, repeated, i * length, length);
        }

        try (Reconstructor reconstructor = loader.load(architecture, length, 1, weights)) {
            float[] alone = reconstructor.reconstruct(one).values();
            float[] rebuilt =
                    reconstructor.reconstruct(new Windows(repeated, length, 1)).values();
            for (int i = 0; i < copies; i++) {
                assertThat(Arrays.copyOfRange(rebuilt, i * length, (i + 1) * length))
                        .isEqualTo(alone);
            }
        }
    }

    @Test
    void answersManyThreadsAtOnceAsItAnswersOne() throws Exception {
        SplittableRandom random = new SplittableRandom(9);
        Weights weights = RandomNetworks.weights(Preset.DENSE, 8, 1, random);
        Windows windows = RandomNetworks.windows(700, 8, 1, random);

        try (Reconstructor reconstructor = loader.load(Preset.DENSE, 8, 1, weights);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            float[] expected = reconstructor.reconstruct(windows).values();
            List<Future<Windows>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(callers.submit(() -> reconstructor.reconstruct(windows)));
            }
            for (Future<Windows> answer : answers) {
                assertThat(answer.get().values()).isEqualTo(expected);
            }
        }
    }

    @Test
    void answersNoWindowsWithNone() {
        try (Reconstructor reconstructor = load(Preset.BASE, 1)) {
            assertThat(reconstructor
                            .reconstruct(new Windows(new float[0], 1, 1))
                            .count())
                    .isZero();
        }
    }

    @Test
    void failsOnEveryCallAfterItIsClosed() {
        Reconstructor reconstructor = load(Preset.BASE, 1);
        reconstructor.close();
        reconstructor.close();

        assertThatThrownBy(() -> reconstructor.reconstruct(new Windows(new float[1], 1, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the reconstructor is closed");
    }

    @Test
    void refusesWindowsOfAnotherShape() {
        try (Reconstructor reconstructor = load(Preset.BASE, 4)) {
            assertThatThrownBy(() -> reconstructor.reconstruct(new Windows(new float[4], 2, 2)))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.type()).isEqualTo(AutoencoderProblem.SHAPE_MISMATCH));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesValuesThatAreNotFinite(float value) {
        try (Reconstructor reconstructor = load(Preset.BASE, 1)) {
            assertThatThrownBy(() -> reconstructor.reconstruct(new Windows(new float[] {value}, 1, 1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesWeightsThatAreNotTheNetworks() {
        Weights weights = RandomNetworks.weights(Preset.BASE, 4, 1, new SplittableRandom(1));
        List<Parameter> parameters = List.copyOf(weights.parameters());
        List<Parameter> more = new ArrayList<>(parameters);
        more.add(new Parameter("encoder.9.linear.bias", List.of(1), new float[1]));
        List<Parameter> notFinite = new ArrayList<>(parameters);
        notFinite.set(1, new Parameter("encoder.0.linear.bias", List.of(32), filled(32, Float.NaN)));

        assertBad(new Weights(parameters.subList(0, 7)), "the parameter decoder.2.linear.bias is missing");
        assertBad(new Weights(more), "there are 9 parameters, the network has 8");
        assertBad(new Weights(notFinite), "encoder.0.linear.bias holds NaN");
        assertThatThrownBy(() -> loader.load(Preset.BASE, 5, 1, weights))
                .hasMessage("encoder.0.linear.weight has shape [32, 4], the network expects [32, 5]");
    }

    private void assertBad(Weights weights, String message) {
        assertThatThrownBy(() -> loader.load(Preset.BASE, 4, 1, weights))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(AutoencoderProblem.BAD_WEIGHTS))
                .hasMessageStartingWith(message);
    }

    private static float[] filled(int size, float value) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return values;
    }

    private Reconstructor load(Architecture architecture, int length) {
        return loader.load(
                architecture, length, 1, RandomNetworks.weights(architecture, length, 1, new SplittableRandom(1)));
    }
}
