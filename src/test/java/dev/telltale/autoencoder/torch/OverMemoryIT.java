package dev.telltale.autoencoder.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.telltale.autoencoder.AutoencoderProblem;
import dev.telltale.autoencoder.Contrast;
import dev.telltale.autoencoder.DenseArchitecture;
import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.Layer.Linear;
import dev.telltale.autoencoder.Optimizer;
import dev.telltale.autoencoder.RandomNetworks;
import dev.telltale.autoencoder.TrainedAutoencoder;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.problem.Problem;
import dev.telltale.signal.Windows;
import dev.telltale.torch.NativeMemory;
import dev.telltale.torch.NativeScope;
import dev.telltale.torch.SharedEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Trainings that take more memory than they should, or than there is: they end, and the process goes on.
class OverMemoryIT {

    private static final Windows NONE = new Windows(new float[0], 8, 1);
    private static final DenseArchitecture WIDE = new DenseArchitecture(List.of(new Linear(2_000)), List.of());
    private static final TrainingListener NOBODY = new TrainingListener() {

        @Override
        public void epochDone(EpochLosses losses) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    };

    @Test
    void endsATrainingThatTakesMoreThanItsLimitAndLeavesNothing() {
        assumeTrue(NativeMemory.inUse().isPresent(), "the C library does not count what it hands out");
        SharedEngine.ENGINE.prepareThread();
        Windows sine = RandomNetworks.sine(4_000, 8);
        int arrays = SharedEngine.ENGINE.arrays();
        // Activations of 64 MB: 4 MB are allowed, however it was estimated.
        MemoryGuard tight = new MemoryGuard(1 << 20, 4 << 20, NativeMemory::inUse, System::nanoTime);

        try (NativeScope scope = SharedEngine.ENGINE.newScope()) {
            Training training = new Training(
                    SharedEngine.ENGINE.loaded(),
                    scope,
                    WIDE.layers(8, 1),
                    new TrainingSet(sine, Contrast.none(8, 1)),
                    settings(4_000),
                    tight);
            assertThatThrownBy(() -> training.run(NONE, NONE, NOBODY))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.type()).isEqualTo(AutoencoderProblem.TRAINING_OVER_MEMORY));
        }

        assertThat(SharedEngine.ENGINE.arrays()).isEqualTo(arrays);
        assertThat(train(sine, 32).history()).hasSize(1);
    }

    /// In a process of its own, that may take little more than it has.
    @Test
    void goesOnAfterATrainingForWhichThereIsNoMemory() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "no prlimit to withhold memory with");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said)
                .contains("TRAINING_OVER_MEMORY: the service has no memory left", "trained after that: 1 epoch");
    }

    /// The process of that test.
    static final class Child {

        private static final long LEFT = 400L << 20;

        private Child() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            Windows sine = RandomNetworks.sine(65_536, 8);
            train(RandomNetworks.part(sine, 0, 1_000), 32);
            long allowed = addressSpace() + LEFT;
            new ProcessBuilder("prlimit", "--pid", "" + ProcessHandle.current().pid(), "--as=" + allowed)
                    .inheritIO()
                    .start()
                    .waitFor();
            try {
                train(sine, 65_536); // activations of 524 MB
                System.out.println("there was memory");
            } catch (Problem problem) {
                System.out.println(problem.type() + ": " + problem.detail());
            }
            System.out.println("trained after that: "
                    + train(RandomNetworks.part(sine, 0, 1_000), 32).history().size() + " epoch");
        }

        private static long addressSpace() throws IOException {
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
                return lines.filter(line -> line.startsWith("VmSize:"))
                        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElseThrow();
            }
        }
    }

    private static TrainedAutoencoder train(Windows windows, int batch) {
        return new TorchAutoencoderTrainer(SharedEngine.ENGINE, 0)
                .train(WIDE, windows, NONE, NONE, settings(batch), NOBODY);
    }

    private static TrainingSettings settings(int batch) {
        return new TrainingSettings(1, batch, 0.001, new Optimizer.Adam(), 0, Optional.empty(), 1);
    }
}
