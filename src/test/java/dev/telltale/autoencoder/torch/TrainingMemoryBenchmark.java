package dev.telltale.autoencoder.torch;

import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.Optimizer;
import dev.telltale.autoencoder.Preset;
import dev.telltale.autoencoder.RandomNetworks;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.autoencoder.TrainingMemory;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.signal.Windows;
import dev.telltale.torch.SharedEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Compares what trainings are estimated to need with what they took: each runs in a process of its own, in
/// which a tiny one went before, and the highest resident memory is read from Linux. `bench/memory` runs it.
final class TrainingMemoryBenchmark {

    private static final int EPOCHS = 3;
    private static final double MOST = 1.3;
    /// What a training may be estimated to take by default.
    private static final long ALLOWED = 384L << 20;

    private TrainingMemoryBenchmark() {}

    /// @param preset the network
    /// @param length rows of a window of one channel
    /// @param windows of the training part; a fifth of them validates, as many test
    /// @param batch windows in one step
    record Case(Preset preset, int length, int windows, int batch) {

        Architecture architecture() {
            return preset;
        }

        int others() {
            return windows / 5;
        }

        List<String> arguments() {
            return List.of(preset.name(), "" + length, "" + windows, "" + batch);
        }

        static Case of(String[] arguments) {
            return new Case(
                    Preset.valueOf(arguments[0]),
                    Integer.parseInt(arguments[1]),
                    Integer.parseInt(arguments[2]),
                    Integer.parseInt(arguments[3]));
        }
    }

    /// What one training was to need and what it took, in bytes.
    record Figures(long estimate, long measured) {

        double ratio() {
            return (double) measured / estimate;
        }

        private static Figures parse(String line) {
            String[] parts = line.split(" ", 2);
            return new Figures(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        }
    }

    /// Without arguments the whole grid, with a number the grid and as many drawn cases as make up that number;
    /// with the arguments of a case, that one in this process.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 4) {
            measure(Case.of(arguments));
            return;
        }
        System.out.println("preset length windows batch estimateKiB measuredKiB ratio");
        List<Case> cases = arguments.length == 0 ? grid() : cases(Integer.parseInt(arguments[0]));
        double worst = 0;
        int above = 0;
        for (Case one : cases) {
            Figures figures = inAProcessOfItsOwn(one);
            worst = Math.max(worst, figures.ratio());
            above += figures.ratio() > MOST ? 1 : 0;
            System.out.printf(
                    Locale.ROOT,
                    "%s %d %d %d %d %d %.2f%n",
                    one.preset(),
                    one.length(),
                    one.windows(),
                    one.batch(),
                    figures.estimate() / 1024,
                    figures.measured() / 1024,
                    figures.ratio());
        }
        System.out.printf(
                Locale.ROOT,
                "memory: %d trainings, %d above %.1f times their estimate, the highest %.2f times%n",
                cases.size(),
                above,
                MOST,
                worst);
    }

    /// Runs one case in a new process.
    static Figures inAProcessOfItsOwn(Case one) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-Xmn8m", // garbage is not what is measured
                "-cp",
                System.getProperty("java.class.path"),
                TrainingMemoryBenchmark.class.getName()));
        command.addAll(one.arguments());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return Figures.parse(said.lines().toList().getLast()); // the engine speaks first
    }

    private static List<Case> grid() {
        List<Case> cases = new ArrayList<>();
        for (Preset preset : List.of(Preset.BASE, Preset.DENSE, Preset.DROPOUT)) {
            for (int length : new int[] {1, 32, 512}) {
                for (int windows : new int[] {2_000, 20_000}) {
                    for (int batch : new int[] {32, 1_024}) {
                        cases.add(new Case(preset, length, windows, batch));
                    }
                }
            }
        }
        for (int windows : new int[] {200, 1_000, 5_000, 10_000}) {
            for (int batch : new int[] {32, 256, 1_024}) {
                cases.add(new Case(Preset.MANUFACTURING, 1_000, windows, batch));
            }
        }
        cases.add(new Case(Preset.BASE, 32, 200_000, 32));
        cases.add(new Case(Preset.BASE, 1, 1_000_000, 65_536));
        return cases;
    }

    /// The grid, then cases drawn at random that a service would take.
    private static List<Case> cases(int count) {
        List<Case> cases = new ArrayList<>(grid());
        SplittableRandom random = new SplittableRandom(15);
        List<Preset> presets = List.of(Preset.BASE, Preset.DENSE, Preset.TANH, Preset.DROPOUT, Preset.ATTENTION);
        while (cases.size() < count) {
            Preset preset = presets.get(random.nextInt(presets.size()));
            int longest = preset == Preset.ATTENTION ? 128 : 512;
            Case drawn = new Case(
                    preset,
                    1 << random.nextInt(Integer.numberOfTrailingZeros(longest) + 1),
                    200 << random.nextInt(8),
                    8 << random.nextInt(9));
            if (estimate(drawn) <= ALLOWED) {
                cases.add(drawn);
            }
        }
        Collections.shuffle(cases, new Random(15)); // so that the first are of all kinds
        return cases.subList(0, count);
    }

    private static long estimate(Case one) {
        long windows = one.windows() + 2L * one.others();
        return TrainingMemory.estimate(one.architecture(), one.length(), 1, windows, settings(one))
                + windows * one.length() * Float.BYTES;
    }

    private static void measure(Case one) throws IOException {
        SharedEngine.ENGINE.prepareThread();
        train(new Case(Preset.BASE, 1, 200, 32));
        System.gc();
        Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // the highest is the current one from here on
        long before = bytes("VmRSS:");
        train(one);
        long measured = bytes("VmHWM:") - before;
        System.out.println(estimate(one) + " " + measured);
    }

    private static void train(Case one) {
        SplittableRandom random = new SplittableRandom(1);
        Windows train = RandomNetworks.windows(one.windows(), one.length(), 1, random);
        Windows validation = RandomNetworks.windows(one.others(), one.length(), 1, random);
        Windows test = RandomNetworks.windows(one.others(), one.length(), 1, random);
        new TorchAutoencoderTrainer(SharedEngine.ENGINE, 0)
                .train(one.architecture(), train, validation, test, settings(one), new Silent());
    }

    private static TrainingSettings settings(Case one) {
        return new TrainingSettings(EPOCHS, one.batch(), 0.001, new Optimizer.Adam(), 0, Optional.empty(), 42);
    }

    /// A figure of this process.
    private static long bytes(String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static final class Silent implements TrainingListener {

        @Override
        public void epochDone(EpochLosses losses) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    }
}
