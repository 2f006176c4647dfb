package dev.telltale.autoencoder.torch;

import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.HeapReconstructorLoader;
import dev.telltale.autoencoder.Optimizer;
import dev.telltale.autoencoder.Preset;
import dev.telltale.autoencoder.RandomNetworks;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.ReconstructorLoader;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.signal.Windows;
import dev.telltale.torch.SharedEngine;
import dev.telltale.torch.TorchExecutor;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/// Time of a training step of `base` and of scoring with `dense` and `tanh`, one thread, through the interfaces
/// that the service uses. `bench/autoencoder` runs it beside the same work in PyTorch.
final class AutoencoderBenchmark {

    private static final int BATCH = 32;
    private static final int WINDOWS = 4_096;
    private static final int EPOCHS = 120;
    private static final int WARM_UP = 90; // the first epochs run before the compiler has done its work

    private AutoencoderBenchmark() {}

    public static void main(String[] arguments) {
        SharedEngine.ENGINE.prepareThread();
        SplittableRandom random = new SplittableRandom(42);
        print("training-step-us", trainingStepMicroseconds(RandomNetworks.windows(WINDOWS, 1, 1, random)));
        try (TorchExecutor executor = new TorchExecutor(1, 1)) {
            HeapReconstructorLoader loader = new HeapReconstructorLoader(executor);
            scoring(loader, random);
        }
    }

    private static void scoring(ReconstructorLoader loader, SplittableRandom random) {
        try (Reconstructor reconstructor = load(loader, Preset.DENSE, random)) {
            rowsPerSecond(reconstructor, RandomNetworks.windows(1_000, 1, 1, random), 2_000);
            print(
                    "rows-per-second-of-100000",
                    rowsPerSecond(reconstructor, RandomNetworks.windows(100_000, 1, 1, random), 10));
            print(
                    "rows-per-second-of-1000",
                    rowsPerSecond(reconstructor, RandomNetworks.windows(1_000, 1, 1, random), 400));
            print("one-row-us", 1e6 / rowsPerSecond(reconstructor, RandomNetworks.windows(1, 1, 1, random), 20_000));
        }
        try (Reconstructor reconstructor = load(loader, Preset.TANH, random)) {
            print(
                    "tanh-rows-per-second-of-1000",
                    rowsPerSecond(reconstructor, RandomNetworks.windows(1_000, 1, 1, random), 400));
        }
    }

    private static Reconstructor load(ReconstructorLoader loader, Architecture architecture, SplittableRandom random) {
        return loader.load(architecture, 1, 1, RandomNetworks.weights(architecture, 1, 1, random));
    }

    /// Everything of the loop: shuffling, batches, forward, backward, update, loss.
    private static double trainingStepMicroseconds(Windows windows) {
        TrainingSettings settings =
                new TrainingSettings(EPOCHS, BATCH, 0.001, new Optimizer.Adam(), 0, Optional.empty(), 42);
        Windows none = new Windows(new float[0], 1, 1);
        Clock clock = new Clock();
        new TorchAutoencoderTrainer(SharedEngine.ENGINE, 0).train(Preset.BASE, windows, none, none, settings, clock);
        return (clock.end - clock.start) / 1e3 / ((EPOCHS - WARM_UP) * (WINDOWS / BATCH));
    }

    private static final class Clock implements TrainingListener {

        private long start;
        private long end;

        @Override
        public void epochDone(EpochLosses losses) {
            end = System.nanoTime();
            if (losses.epoch() == WARM_UP) {
                start = end;
            }
        }

        @Override
        public boolean cancelled() {
            return false;
        }
    }

    private static double rowsPerSecond(Reconstructor reconstructor, Windows windows, int calls) {
        for (int i = 0; i < Math.max(1, calls / 4); i++) {
            reconstructor.reconstruct(windows);
        }
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            reconstructor.reconstruct(windows);
        }
        return (double) windows.count() * calls / ((System.nanoTime() - start) / 1e9);
    }

    private static void print(String name, double figure) {
        System.out.printf(Locale.ROOT, "%s %.1f%n", name, figure);
    }
}
