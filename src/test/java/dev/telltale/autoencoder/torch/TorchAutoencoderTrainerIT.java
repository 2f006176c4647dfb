package dev.telltale.autoencoder.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.jni.JniUtils;
import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.AttentionArchitecture;
import dev.telltale.autoencoder.AutoencoderProblem;
import dev.telltale.autoencoder.AutoencoderTrainer;
import dev.telltale.autoencoder.DenseArchitecture;
import dev.telltale.autoencoder.EarlyStopping;
import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.HeapReconstructorLoader;
import dev.telltale.autoencoder.InitialWeights;
import dev.telltale.autoencoder.Layer.Activation;
import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Layer.Linear;
import dev.telltale.autoencoder.Layer.Positions.Encoding;
import dev.telltale.autoencoder.Optimizer;
import dev.telltale.autoencoder.PlainNetwork;
import dev.telltale.autoencoder.Preset;
import dev.telltale.autoencoder.RandomNetworks;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.TrainedAutoencoder;
import dev.telltale.autoencoder.TrainingCancelled;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import dev.telltale.problem.Problem;
import dev.telltale.signal.Windows;
import dev.telltale.torch.SharedEngine;
import dev.telltale.torch.TorchExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TorchAutoencoderTrainerIT {

    private static final Windows NONE = new Windows(new float[0], 8, 1);

    private final AutoencoderTrainer trainer = new TorchAutoencoderTrainer(SharedEngine.ENGINE, 0);
    private final Windows sine = RandomNetworks.sine(400, 8);

    @Test
    void learnsASine() {
        TrainedAutoencoder trained = train(Preset.BASE, sine, NONE, NONE, settings(30, 0));

        assertThat(trained.history()).hasSize(30);
        assertThat(trained.bestEpoch()).isEqualTo(30);
        double first = trained.history().getFirst().trainLoss();
        double last = trained.history().getLast().trainLoss();
        assertThat(last).isLessThan(first / 10);
        assertThat(trained.weights().count()).isEqualTo(Preset.BASE.parameters(8, 1));
    }

    @Test
    void measuresTheLossesAsThePlainNetworkDoes() {
        Windows validation = RandomNetworks.part(sine, 0, 77);
        Windows test = RandomNetworks.part(sine, 77, 200);
        TrainedAutoencoder trained = train(Preset.DROPOUT, sine, validation, test, settings(2, 0));

        EpochLosses last = trained.history().getLast();
        PlainNetwork plain = new PlainNetwork(Preset.DROPOUT.layers(8, 1), trained.weights());
        assertThat(last.epoch()).isEqualTo(2);
        assertThat(last.validationLoss().orElseThrow()).isCloseTo(plain.loss(validation.values(), 8), within(1e-6));
        assertThat(last.testLoss().orElseThrow()).isCloseTo(plain.loss(test.values(), 8), within(1e-6));
    }

    @Test
    void showsTheNetworkAsEachEpochLeftIt() {
        Windows validation = RandomNetworks.part(sine, 0, 77);
        List<Double> shown = new ArrayList<>();
        TrainedAutoencoder trained =
                trainer.train(Preset.DROPOUT, sine, validation, NONE, settings(3, 0), new Listener() {
                    @Override
                    public void epochTrained(Reconstructor network) {
                        float[] rebuilt = network.reconstruct(validation).values();
                        double sum = 0;
                        for (int i = 0; i < rebuilt.length; i++) {
                            double difference = (double) rebuilt[i] - validation.values()[i];
                            sum += difference * difference;
                        }
                        shown.add(sum / rebuilt.length);
                    }
                });

        assertThat(shown)
                .containsExactlyElementsOf(trained.history().stream()
                        .map(losses -> losses.validationLoss().orElseThrow())
                        .toList());
    }

    @Test
    void leavesLossesOfEmptyPartsOut() {
        EpochLosses only =
                train(Preset.BASE, sine, NONE, NONE, settings(1, 0)).history().getFirst();

        assertThat(only.validationLoss()).isEmpty();
        assertThat(only.testLoss()).isEmpty();
    }

    @Test
    void takesTheMeanOfTheBatchLossesAsTrainLoss() {
        // 33 windows in one batch: the loss of the epoch is that of the first weights
        Windows few = RandomNetworks.part(sine, 0, 33);
        TrainingSettings settings = new TrainingSettings(1, 64, 1e-3, new Optimizer.Adam(), 0, Optional.empty(), 7);

        double trainLoss = train(Preset.BASE, few, NONE, NONE, settings)
                .history()
                .getFirst()
                .trainLoss();

        Weights first = InitialWeights.of(Preset.BASE.layers(8, 1), new SplittableRandom(7).split());
        assertThat(trainLoss)
                .isCloseTo(new PlainNetwork(Preset.BASE.layers(8, 1), first).loss(few.values(), 8), within(1e-6));
    }

    @Test
    void stepsAlongTheGradientOfFiniteDifferences() {
        stepsAlongTheGradient(
                new DenseArchitecture(
                        List.of(new Linear(3), new Activation(Function.TANH)),
                        List.of(
                                new Linear(4),
                                new Activation(Function.GELU),
                                new Linear(4),
                                new Activation(Function.SIGMOID))),
                1e-5);
    }

    @Test
    void stepsAlongTheGradientThroughAttention() {
        stepsAlongTheGradient(new AttentionArchitecture(6, 2, 2, 5, 3, 0, Encoding.LEARNED), 1e-4);
    }

    private void stepsAlongTheGradient(Architecture small, double tolerance) {
        Windows windows = RandomNetworks.windows(5, 4, 1, new SplittableRandom(1));
        double rate = 0.5;
        TrainingSettings settings = new TrainingSettings(1, 5, rate, new Optimizer.Sgd(0), 0, Optional.empty(), 3);
        Weights first = InitialWeights.of(small.layers(4, 1), new SplittableRandom(3).split());

        Weights stepped = train(small, windows, empty(4), empty(4), settings).weights();

        List<Parameter> before = List.copyOf(first.parameters());
        List<Parameter> after = List.copyOf(stepped.parameters());
        PlainNetwork plain = new PlainNetwork(small.layers(4, 1), first);
        for (int p = 0; p < before.size(); p++) {
            float[] values = before.get(p).values();
            for (int i = 0; i < values.length; i++) {
                float value = values[i];
                float h = 1e-2f;
                values[i] = value + h;
                double above = plain.loss(windows.values(), 4);
                values[i] = value - h;
                double below = plain.loss(windows.values(), 4);
                values[i] = value;
                double slope = (above - below) / (2 * h);
                double stepTaken = (value - after.get(p).values()[i]) / rate;
                assertThat(stepTaken).isCloseTo(slope, within(tolerance));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DROPOUT", "ATTENTION"})
    void givesTheSameBitsForTheSameSeed(Preset preset) {
        TrainingSettings settings = settings(3, 11);
        Weights first = train(preset, sine, NONE, NONE, settings).weights();
        Weights second = train(preset, sine, NONE, NONE, settings).weights();
        Weights other = train(preset, sine, NONE, NONE, settings(3, 12)).weights();

        assertThat(same(first, second)).isTrue();
        assertThat(same(first, other)).isFalse();
    }

    /// What the engine keeps for the way back must not lie in memory that the collector frees meanwhile.
    @ParameterizedTest
    @EnumSource(names = {"DROPOUT", "ATTENTION"})
    void givesTheSameBitsWhileGarbageIsCollected(Preset preset) throws Exception {
        TrainingSettings settings = settings(2, 11);
        Weights undisturbed = train(preset, sine, NONE, NONE, settings).weights();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger collections = new AtomicInteger();
        Thread collector = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                long began = System.nanoTime();
                System.gc();
                collections.incrementAndGet();
                // The training has time too.
                LockSupport.parkNanos(Math.min(System.nanoTime() - began, 200_000_000));
            }
        });
        try {
            // However long a collection takes here, some fall into a training.
            while (collections.get() < 5) {
                assertThat(same(
                                undisturbed,
                                train(preset, sine, NONE, NONE, settings).weights()))
                        .isTrue();
            }
        } finally {
            done.set(true);
            collector.join();
        }
    }

    @Test
    void givesTheSameBitsWhileAnotherNetworkScores() throws Exception {
        TrainingSettings settings = settings(5, 11);
        Weights alone = train(Preset.DROPOUT, sine, NONE, NONE, settings).weights();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger scored = new AtomicInteger();
        try (TorchExecutor executor = new TorchExecutor(1, 1);
                Reconstructor reconstructor = new HeapReconstructorLoader(executor).load(Preset.DROPOUT, 8, 1, alone);
                ExecutorService scorer = Executors.newSingleThreadExecutor()) {
            float[] expected = reconstructor.reconstruct(sine).values();
            Future<?> scoring = scorer.submit(() -> {
                while (!done.get()) {
                    assertThat(reconstructor.reconstruct(sine).values()).isEqualTo(expected);
                    scored.incrementAndGet();
                }
            });
            Weights beside;
            try {
                beside = train(Preset.DROPOUT, sine, NONE, NONE, settings).weights();
            } finally {
                done.set(true);
                scoring.get();
            }
            assertThat(same(alone, beside)).isTrue();
            assertThat(scored).hasPositiveValue();
        }
    }

    @Test
    void keepsTheWeightsOfTheBestEpochWhenItStopsEarly() {
        // noise: the network learns the training windows by heart while the others get worse
        SplittableRandom random = new SplittableRandom(4);
        Windows noise = RandomNetworks.windows(60, 8, 1, random);
        Windows other = RandomNetworks.windows(60, 8, 1, random);
        TrainingSettings settings =
                new TrainingSettings(400, 16, 0.01, new Optimizer.Adam(), 0, Optional.of(new EarlyStopping(4, 0)), 1);

        TrainedAutoencoder trained = train(Preset.DENSE, noise, other, empty(8), settings);

        List<EpochLosses> history = trained.history();
        double lowest = history.stream()
                .mapToDouble(losses -> losses.validationLoss().orElseThrow())
                .min()
                .orElseThrow();
        assertThat(history).hasSizeLessThan(400);
        assertThat(trained.bestEpoch()).isEqualTo(history.size() - 4);
        assertThat(new PlainNetwork(Preset.DENSE.layers(8, 1), trained.weights()).loss(other.values(), 8))
                .isCloseTo(lowest, within(1e-6));
    }

    @Test
    void runsAllEpochsWhereThereIsNothingToValidateOn() {
        TrainingSettings settings =
                new TrainingSettings(12, 64, 1e-6, new Optimizer.Adam(), 0, Optional.of(new EarlyStopping(1, 1)), 1);

        TrainedAutoencoder trained = train(Preset.BASE, sine, NONE, NONE, settings);

        assertThat(trained.history()).hasSize(12);
        assertThat(trained.bestEpoch()).isEqualTo(12);
    }

    @Test
    void stopsBetweenBatchesWhenCancelled() {
        AtomicInteger asked = new AtomicInteger();
        List<EpochLosses> heard = new ArrayList<>();
        TrainingListener impatient = new Listener() {
            @Override
            public void epochDone(EpochLosses losses) {
                heard.add(losses);
            }

            @Override
            public boolean cancelled() {
                return asked.incrementAndGet() == 20; // 13 batches an epoch
            }
        };

        assertThatThrownBy(() -> trainer.train(Preset.BASE, sine, NONE, NONE, settings(50, 0), impatient))
                .isInstanceOf(TrainingCancelled.class);
        assertThat(asked).hasValue(20);
        assertThat(heard).hasSize(1);
    }

    @Test
    void saysThatTheTrainingDiverged() {
        Architecture unbounded = new DenseArchitecture(List.of(new Linear(64), new Linear(64)), List.of());
        float[] large = sine.values().clone();
        for (int i = 0; i < large.length; i++) {
            large[i] *= 1000;
        }
        TrainingSettings settings = new TrainingSettings(50, 32, 1, new Optimizer.Sgd(0.9), 0, Optional.empty(), 1);

        assertThatThrownBy(() -> train(unbounded, new Windows(large, 8, 1), NONE, NONE, settings))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(AutoencoderProblem.DIVERGED))
                .hasMessageContaining("in epoch 1")
                .hasMessageContaining("learningRate");
    }

    @Test
    void refusesASecondTrainingInTheSameProcess() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<?> first =
                    other.submit(() -> trainer.train(Preset.BASE, sine, NONE, NONE, settings(1, 0), new Listener() {
                        @Override
                        public void epochDone(EpochLosses losses) {
                            started.countDown();
                            await(end);
                        }
                    }));
            started.await();
            try {
                assertThatThrownBy(() -> train(Preset.BASE, sine, NONE, NONE, settings(1, 0)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("another training runs in this process");
            } finally {
                end.countDown();
                first.get();
            }
        }
        assertThat(train(Preset.BASE, sine, NONE, NONE, settings(1, 0)).history())
                .hasSize(1);
    }

    @Test
    void refusesAVirtualThread() throws Exception {
        try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> training = virtual.submit(() -> train(Preset.BASE, sine, NONE, NONE, settings(1, 0)));

            assertThatThrownBy(training::get).hasRootCauseInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DROPOUT", "ATTENTION"})
    void leavesNoArrayAndNoGradientModeBehind(Preset preset) {
        SharedEngine.ENGINE.prepareThread();
        int before = SharedEngine.ENGINE.arrays();
        train(preset, sine, sine, sine, settings(2, 0));
        assertThatThrownBy(() -> trainer.train(Preset.BASE, sine, sine, NONE, settings(2, 0), new Listener() {
                    @Override
                    public boolean cancelled() {
                        return true;
                    }
                }))
                .isInstanceOf(TrainingCancelled.class);

        assertThat(SharedEngine.ENGINE.arrays()).isEqualTo(before);
        assertThat(JniUtils.isGradMode()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"DENSE", "ATTENTION"})
    void holdsNoMoreArraysLaterThanEarlier(Preset preset) {
        List<Integer> held = new ArrayList<>();
        trainer.train(preset, sine, sine, NONE, settings(4, 0), new Listener() {
            @Override
            public void epochDone(EpochLosses losses) {
                held.add(SharedEngine.ENGINE.arrays());
            }
        });

        assertThat(held).hasSize(4).containsOnly(held.getFirst());
    }

    @Test
    void refusesPartsOfAnotherShapeAndNoWindowsAtAll() {
        assertThatThrownBy(() -> train(Preset.BASE, NONE, NONE, NONE, settings(1, 0)))
                .hasMessage("there are no windows to train on");
        assertThatThrownBy(() -> train(Preset.BASE, sine, new Windows(new float[8], 4, 2), NONE, settings(1, 0)))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.type()).isEqualTo(AutoencoderProblem.SHAPE_MISMATCH));
        float[] notFinite = sine.values().clone();
        notFinite[100] = Float.NaN;
        assertThatThrownBy(() -> train(Preset.BASE, new Windows(notFinite, 8, 1), NONE, NONE, settings(1, 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private TrainedAutoencoder train(
            Architecture architecture, Windows train, Windows validation, Windows test, TrainingSettings settings) {
        return trainer.train(architecture, train, validation, test, settings, new Listener() {});
    }

    private static TrainingSettings settings(int epochs, long seed) {
        return new TrainingSettings(epochs, 32, 0.003, new Optimizer.Adam(), 0, Optional.empty(), seed);
    }

    private static Windows empty(int length) {
        return new Windows(new float[0], length, 1);
    }

    private static boolean same(Weights one, Weights other) {
        List<Parameter> first = List.copyOf(one.parameters());
        List<Parameter> second = List.copyOf(other.parameters());
        for (int i = 0; i < first.size(); i++) {
            if (!Arrays.equals(first.get(i).values(), second.get(i).values())) {
                return false;
            }
        }
        return first.size() == second.size();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private abstract static class Listener implements TrainingListener {

        @Override
        public void epochDone(EpochLosses losses) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    }
}
