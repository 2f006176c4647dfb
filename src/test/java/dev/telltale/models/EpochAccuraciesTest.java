package dev.telltale.models;

import static dev.telltale.models.TestData.anomalous;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.detection.ThresholdRule;
import dev.telltale.models.EpochAccuracies.Accuracies;
import dev.telltale.series.Annotation;
import dev.telltale.signal.Split;
import dev.telltale.signal.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Rows of 0 and 1 in turn, 0 first: ten to train on, five to validate and five to test on.
class EpochAccuraciesTest {

    private static final Split SPLIT = new Split(10, 5, 5, Split.Order.CHRONOLOGICAL);
    private static final Split TRAIN_ONLY = new Split(10, 0, 0, Split.Order.CHRONOLOGICAL);

    @Test
    void countsAllRowsOfEachPartAtTheLineOfThatMoment() {
        EpochAccuracies accuracies = new EpochAccuracies(data(SPLIT, anomalous(3, 4), anomalous(15, 15)), new Heard());

        accuracies.epochTrained(new Constant(0)); // the median error is 0: ones are reported
        accuracies.epochTrained(new Constant(1)); // it is 1, which no row exceeds

        // wrong are 1, 5, 7, 9 and the missed 4; 11 and 13; 17 and 19
        assertThat(accuracies.after(1)).isEqualTo(new Accuracies(some(0.5), some(0.6), some(0.6)));
        // only annotated rows are wrong: 3 and 4; none; 15
        assertThat(accuracies.after(2)).isEqualTo(new Accuracies(some(0.8), some(1), some(0.8)));
    }

    @Test
    void takesEachErrorOnceAndOfALongPartOnlySoMany() {
        Counting small = new Counting();
        new EpochAccuracies(data(SPLIT, anomalous(3, 4)), new Heard()).epochTrained(small);
        assertThat(small.windows).isEqualTo(20);

        Counting large = new Counting();
        Split split = new Split(10_000, 5, 5, Split.Order.CHRONOLOGICAL);
        TrainingData data = TestData.of(new double[10_010], split, new ThresholdRule.Quantile(0.5), anomalous(3, 4));
        new EpochAccuracies(data, new Heard()).epochTrained(large);
        assertThat(large.windows).isEqualTo(EpochAccuracies.MOST_ROWS + 10);
    }

    @Test
    void drawsTheLineFromSoManyRowsOfALongPartOnly() {
        Counting network = new Counting();
        Split split = new Split(5, 10_000, 5, Split.Order.CHRONOLOGICAL);
        TrainingData data = TestData.of(new double[10_010], split, new ThresholdRule.Quantile(0.5), anomalous(7, 7));

        new EpochAccuracies(data, new Heard()).epochTrained(network);

        // All rows of the validation part, and those of them that are not annotated, each spread to 4,096: the
        // same ones, but for the annotated row.
        Set<Integer> asked = new HashSet<>();
        for (long i = 0; i < 4096; i++) {
            int normal = (int) (i * 9_999 / 4096);
            asked.add((int) (i * 10_000 / 4096));
            asked.add(normal < 2 ? normal : normal + 1);
        }
        assertThat(network.windows).isEqualTo(asked.size() + 10);
    }

    @Test
    void knowsNoneOfAnEmptyPart() {
        EpochAccuracies accuracies = new EpochAccuracies(data(TRAIN_ONLY, anomalous(3, 4)), new Heard());

        accuracies.epochTrained(new Constant(1));

        // the line of the training rows is 0.5: wrong are 0, 2, 6, 8 and the missed 3
        assertThat(accuracies.after(1))
                .isEqualTo(new Accuracies(some(0.5), OptionalDouble.empty(), OptionalDouble.empty()));
    }

    @Test
    void knowsNoneOfAnEpochWhoseErrorsGiveNoLineAndGoesOn() {
        double[] values = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
        TrainingData data = TestData.of(values, SPLIT, new ThresholdRule.BestF1(), anomalous(11, 11));
        EpochAccuracies accuracies = new EpochAccuracies(data, new Heard());

        accuracies.epochTrained(new Counting()); // gives all back, each with an error of 0
        accuracies.epochTrained(new Constant(0)); // an error of 1 tells 11 from all but 13

        assertThat(accuracies.after(1).validation()).isEmpty();
        assertThat(accuracies.after(2).validation()).isEqualTo(some(0.8));
    }

    @Test
    void measuresNothingWithoutAnnotations() {
        EpochAccuracies accuracies = new EpochAccuracies(data(SPLIT), new Heard());

        accuracies.epochTrained(new Constant(1));

        assertThat(accuracies.after(1).train()).isEmpty();
    }

    @Test
    void passesOnWhatItHears() {
        Heard heard = new Heard();
        EpochAccuracies accuracies = new EpochAccuracies(data(SPLIT, anomalous(3, 4)), heard);
        Reconstructor network = new Constant(0);
        EpochLosses losses = new EpochLosses(1, 0.5, some(0.5), some(0.5));

        accuracies.epochTrained(network);
        accuracies.epochDone(losses);

        assertThat(heard.told).containsExactly(network, losses);
        assertThat(accuracies.cancelled()).isTrue();
    }

    private static TrainingData data(Split split, Annotation... annotations) {
        double[] values = new double[20];
        Arrays.setAll(values, i -> i % 2);
        return TestData.of(values, split, new ThresholdRule.Quantile(0.5), annotations);
    }

    private static OptionalDouble some(double value) {
        return OptionalDouble.of(value);
    }

    /// A network that answers every window with one value.
    private record Constant(float value) implements Reconstructor {

        @Override
        public Windows reconstruct(Windows windows) {
            float[] answer = new float[windows.values().length];
            Arrays.fill(answer, value);
            return new Windows(answer, windows.length(), windows.channels());
        }

        @Override
        public void close() {}
    }

    /// A network that counts the windows it is asked for.
    private static final class Counting implements Reconstructor {

        private int windows;

        @Override
        public Windows reconstruct(Windows asked) {
            windows += asked.count();
            return asked;
        }

        @Override
        public void close() {}
    }

    private static final class Heard implements TrainingListener {

        private final List<Object> told = new ArrayList<>();

        @Override
        public void epochTrained(Reconstructor network) {
            told.add(network);
        }

        @Override
        public void epochDone(EpochLosses losses) {
            told.add(losses);
        }

        @Override
        public boolean cancelled() {
            return true;
        }
    }
}
