package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.detection.Baseline.Difference;
import dev.telltale.detection.Baseline.Ordinary;
import dev.telltale.detection.Baseline.RobustZScore;
import dev.telltale.signal.Frame;
import dev.telltale.signal.Frames;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Windowing;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BaselineTest {

    @Test
    void learnsMedianAndSpreadOfTheGivenRowsOnly() {
        Frame frame = Frames.of(new double[] {1, 5, 2, 9, 1000, 2000});

        List<Baseline> baselines = learn(frame, new int[] {0, 1, 2, 3});

        // median 3.5, distances 2.5, 1.5, 1.5, 5.5; steps 4, −3, 7
        assertThat(baselines)
                .startsWith(
                        new RobustZScore(List.of(new Ordinary(3.5, 2 * 1.4826))),
                        new Difference(List.of(new Ordinary(0, 4 * 1.4826))));
        assertThat(baselines)
                .extracting(Baseline::name)
                .containsExactly("robust-z-score", "difference", "random-cut-forest");
    }

    @Test
    void judgesByTheFarthestChannel() {
        Frame frame = Frames.of(new double[] {10, 12, 11}, new double[] {0, 0, 6});

        Baseline score = new RobustZScore(List.of(new Ordinary(10, 2), new Ordinary(0, 1)));
        assertThat(score.errors(frame, new int[] {0, 1, 2}).values()).containsExactly(0, 1, 6);
        Baseline difference = new Difference(List.of(new Ordinary(0, 0.5), new Ordinary(0, 3)));
        assertThat(difference.errors(frame, new int[] {0, 1, 2}).values()).containsExactly(0, 4, 2);
    }

    @Test
    void knowsNoStepOverASplit() {
        Frame frame = Frames.at(0, 1, 100, 101);

        Baseline difference = new Difference(List.of(new Ordinary(0, 1)));

        assertThat(difference.errors(frame, Frames.allRows(frame)).values()).containsExactly(0, 1, 0, 1);
    }

    @Test
    void measuresSpreadByTheMeanWhereMostValuesRest() {
        Frame frame = Frames.of(new double[] {0, 0, 0, 0, 8});

        Baseline score = learn(frame, Frames.allRows(frame)).getFirst();

        assertThat(score.errors(frame, new int[] {4}).value(0)).isCloseTo(8 / (1.6 * 1.2533), within(1e-12));
    }

    @Test
    void isSurprisedByAnyChangeOfAConstant() {
        Frame frame = Frames.of(new double[] {42, 42, 42, 42.001});
        for (Baseline baseline : learn(frame, new int[] {0, 1, 2}).subList(0, 2)) {
            double[] errors = baseline.errors(frame, Frames.allRows(frame)).values();
            assertThat(Arrays.copyOf(errors, 3)).containsOnly(0);
            assertThat(errors[3]).isGreaterThan(1_000);
        }
    }

    @Test
    void staysFiniteForValuesOfAnySize() {
        Random random = new Random(5);
        double[] sizes = {0, Double.MIN_VALUE, 1e-300, 1, 1e300, Double.MAX_VALUE};
        for (int round = 0; round < 500; round++) {
            double[] values = new double[1 + random.nextInt(12)];
            Arrays.setAll(values, i -> (random.nextBoolean() ? 1 : -1) * sizes[random.nextInt(sizes.length)]);
            Frame frame = Frames.of(values);
            int[] rows = Arrays.copyOf(Frames.allRows(frame), 1 + random.nextInt(values.length));
            for (Baseline baseline : learn(frame, rows)) {
                // errors that were not finite would be refused
                assertThat(baseline.errors(frame, Frames.allRows(frame)).count())
                        .isEqualTo(values.length);
            }
        }
    }

    @Test
    void refusesASpreadOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Ordinary(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Ordinary(Double.NaN, 1));
    }

    /// Beside a network that sees every row by itself.
    private static List<Baseline> learn(Frame frame, int[] rows) {
        Scaling scaling = Scaling.fit(Scaling.Kind.MIN_MAX, frame, rows);
        return Baseline.learn(frame, scaling, new Windowing(1, 1), rows, 42);
    }
}
