package dev.telltale.autoencoder.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.HeapReconstructorLoader;
import dev.telltale.autoencoder.Optimizer;
import dev.telltale.autoencoder.Preset;
import dev.telltale.autoencoder.RandomNetworks;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.TrainedAutoencoder;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.signal.Windows;
import dev.telltale.torch.SharedEngine;
import dev.telltale.torch.TorchExecutor;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The preset `manufacturing` on vectors of 1,000 sensors of one machine, which follow what few causes do.
class ManufacturingIT {

    private static final int SENSORS = 1_000;
    private static final int CAUSES = 6;
    private static final int LEARNED = 1_200;
    private static final int TESTED = 200;
    private static final int FAULTY = 20; // the first of those tested

    private final SplittableRandom random = new SplittableRandom(17);

    @Test
    void findsVectorsInWhichSomeSensorsLeaveTheOthers() {
        Windows all = vectors();
        Windows none = new Windows(new float[0], 1, SENSORS);
        TrainedAutoencoder trained = new TorchAutoencoderTrainer(SharedEngine.ENGINE, 0)
                .train(
                        Preset.MANUFACTURING,
                        RandomNetworks.part(all, 0, LEARNED),
                        none,
                        none,
                        new TrainingSettings(15, 32, 0.001, new Optimizer.Adam(), 0, Optional.empty(), 1),
                        new Unheard());
        Windows tested = RandomNetworks.part(all, LEARNED, LEARNED + TESTED);

        double[] errors;
        try (TorchExecutor executor = new TorchExecutor(1, 1);
                Reconstructor network = new HeapReconstructorLoader(executor)
                        .load(Preset.MANUFACTURING, 1, SENSORS, trained.weights())) {
            errors = errors(tested, network.reconstruct(tested));
        }

        double smallestOfFaults = Arrays.stream(errors, 0, FAULTY).min().orElseThrow();
        double largestOfOthers = Arrays.stream(errors, FAULTY, TESTED).max().orElseThrow();
        assertThat(trained.weights().count()).isEqualTo(1_058_824);
        assertThat(smallestOfFaults).isGreaterThan(largestOfOthers);
    }

    /// Each sensor is a mix of the causes with noise; in a faulty vector 15 sensors read what another mix would give.
    private Windows vectors() {
        double[][] mixes = IntStream.range(0, SENSORS)
                .mapToObj(_ -> random.doubles(CAUSES, -1, 1).toArray())
                .toArray(double[][]::new);
        float[] values = new float[(LEARNED + TESTED) * SENSORS];
        for (int vector = 0; vector < LEARNED + TESTED; vector++) {
            double[] causes = random.doubles(CAUSES, -1, 1).toArray();
            for (int sensor = 0; sensor < SENSORS; sensor++) {
                double sum = 0;
                for (int cause = 0; cause < CAUSES; cause++) {
                    sum += mixes[sensor][cause] * causes[cause] / CAUSES;
                }
                values[vector * SENSORS + sensor] = (float) (0.5 + 0.45 * sum + 0.01 * random.nextDouble(-1, 1));
            }
            if (vector >= LEARNED && vector < LEARNED + FAULTY) {
                for (int i = 0; i < 15; i++) {
                    values[vector * SENSORS + random.nextInt(SENSORS)] = 0.95f;
                }
            }
        }
        return new Windows(values, 1, SENSORS);
    }

    private static double[] errors(Windows original, Windows rebuilt) {
        double[] errors = new double[original.count()];
        for (int i = 0; i < original.values().length; i++) {
            double difference = (double) original.values()[i] - rebuilt.values()[i];
            errors[i / SENSORS] += difference * difference / SENSORS;
        }
        return errors;
    }

    private static final class Unheard implements TrainingListener {

        @Override
        public void epochDone(EpochLosses losses) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    }
}
