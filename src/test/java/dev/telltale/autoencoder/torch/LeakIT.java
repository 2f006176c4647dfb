package dev.telltale.autoencoder.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.telltale.autoencoder.AutoencoderTrainer;
import dev.telltale.autoencoder.EarlyStopping;
import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.HeapReconstructorLoader;
import dev.telltale.autoencoder.Optimizer;
import dev.telltale.autoencoder.Preset;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.TrainedAutoencoder;
import dev.telltale.autoencoder.TrainingCancelled;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.signal.Windows;
import dev.telltale.torch.SharedEngine;
import dev.telltale.torch.TorchExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A service trains and scores for months: nothing of it may stay behind. `bench/leaks` does 200 trainings one after
/// the other in a running service and looks at its resident memory too.
class LeakIT {

    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final int LENGTH = 8;
    /// The JVM opens and closes files of its own meanwhile; a leak would show at least one for each round.
    private static final int FILES_OF_OTHERS = 10;

    private final AutoencoderTrainer trainer = new TorchAutoencoderTrainer(SharedEngine.ENGINE, 0);
    private final TorchExecutor executor = new TorchExecutor(2, 64);
    private final HeapReconstructorLoader loader = new HeapReconstructorLoader(executor);
    private final Windows windows = windows();

    @AfterEach
    void closeTheExecutor() {
        executor.close();
    }

    @Test
    void ninetyTrainingsAndSixThousandScoringsGiveBackWhatTheyTook() throws IOException {
        assumeTrue(Files.isDirectory(OPEN_FILES), "only Linux lists the open files of a process");
        trainAndScore(0); // opens what stays open: libraries and classes
        int arrays = SharedEngine.ENGINE.arrays(); // what `telltale.native.arrays` shows
        long files = openFiles();

        for (int round = 1; round <= 60; round++) {
            trainAndScore(round);
            if (round % 2 == 0) {
                cancelled(round);
            }
        }

        assertThat(SharedEngine.ENGINE.arrays()).isEqualTo(arrays);
        assertThat(openFiles()).isLessThan(files + FILES_OF_OTHERS);
    }

    private void trainAndScore(int seed) {
        TrainedAutoencoder trained = trainer.train(Preset.BASE, windows, windows, windows, settings(seed), news(false));
        try (Reconstructor network = loader.load(Preset.BASE, LENGTH, 1, trained.weights())) {
            for (int i = 0; i < 100; i++) {
                assertThat(network.reconstruct(windows).count()).isEqualTo(windows.count());
            }
        }
    }

    private void cancelled(int seed) {
        assertThatThrownBy(() -> trainer.train(Preset.BASE, windows, windows, windows, settings(seed), news(true)))
                .isInstanceOf(TrainingCancelled.class);
    }

    private static TrainingSettings settings(int seed) {
        return new TrainingSettings(
                2, 32, 0.001, new Optimizer.Adam(), 0, Optional.of(new EarlyStopping(5, 0.0001)), seed);
    }

    private static Windows windows() {
        Random random = new Random(7);
        float[] values = new float[100 * LENGTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return new Windows(values, LENGTH, 1);
    }

    /// @param cancels whether the training is told to end after its first epoch
    private static TrainingListener news(boolean cancels) {
        return new TrainingListener() {

            private boolean over;

            @Override
            public void epochDone(EpochLosses losses) {
                over = cancels;
            }

            @Override
            public boolean cancelled() {
                return over;
            }
        };
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(OPEN_FILES)) {
            return files.count();
        }
    }
}
