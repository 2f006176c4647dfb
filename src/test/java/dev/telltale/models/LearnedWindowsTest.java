package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.models.Explanation.Nearest;
import dev.telltale.series.Labels;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import dev.telltale.signal.Frame;
import dev.telltale.signal.Windows;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LearnedWindowsTest {

    private static final int LENGTH = 4;

    @Test
    void findsTheWindowThatThePlainestLoopFinds() {
        Random random = new Random(5);
        for (int round = 0; round < 50; round++) {
            TrainingData data = data(random.doubles(40, 10, 14).toArray());
            float[] window = new float[LENGTH];
            for (int i = 0; i < LENGTH; i++) {
                window[i] = random.nextFloat();
            }

            Nearest nearest = new LearnedWindows(data).nearest(new Windows(window, LENGTH, 1));

            double[] distances = IntStream.of(data.train())
                    .mapToDouble(last -> distance(data, last, window))
                    .toArray();
            int first = IntStream.range(0, distances.length)
                    .reduce((one, other) -> distances[other] < distances[one] ? other : one)
                    .orElseThrow();
            int last = data.train()[first];
            assertThat(nearest)
                    .isEqualTo(new Nearest(
                            Instant.ofEpochMilli(data.frame().time(last - LENGTH + 1)),
                            Instant.ofEpochMilli(data.frame().time(last)),
                            distances[first]));
        }
    }

    @Test
    void knowsWhatLiesOutsideOfAllLearnedFrom() {
        // The first seven of ten rows are learned from: 10 to 16.
        TrainingData data = data(10, 11, 12, 13, 14, 15, 16, 99, 9, 10);
        LearnedWindows learned = new LearnedWindows(data);
        Frame frame = data.frame();

        assertThat(IntStream.range(0, 10).filter(row -> learned.isExceeded(frame, row)))
                .containsExactly(7, 8);
    }

    private static double distance(TrainingData data, int last, float[] window) {
        double sum = 0;
        for (int i = 0; i < LENGTH; i++) {
            double value = data.frame().value(last - LENGTH + 1 + i, 0);
            sum += Math.pow((double) window[i] - (float) data.scaling().scale(0, value), 2);
        }
        return Math.sqrt(sum / LENGTH);
    }

    private static TrainingData data(double... values) {
        long[] times = new long[values.length];
        Arrays.setAll(times, i -> TestModels.ORIGIN + i * TestModels.MINUTE);
        Series series = new Series(17, new SeriesKey("cpu", Labels.NONE), Optional.empty(), Optional.empty());
        return TrainingData.of(
                TestModels.specification("m", LENGTH),
                List.of(new TrainingData.Source(series, new Samples(times, values), List.of())));
    }
}
