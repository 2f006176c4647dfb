package dev.telltale.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ExtremesTest {

    @RepeatedTest(20)
    void keepsTheSmallestAndTheLargestOfEachSpanInTheOrderOfTheirX(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int count = 200 + random.nextInt(800);
        double[] y = random.doubles(count).toArray();
        Extremes extremes = new Extremes(0, count, 10);
        for (int i = 0; i < count; i++) {
            extremes.accept(i, y[i]);
        }
        Points kept = extremes.points();
        assertThat(kept.count()).isEqualTo(20);
        assertThat(kept.xs().toArray()).isSorted();
        for (int span = 0; span < 10; span++) {
            int first = (int) Math.ceil(span * count / 10.0);
            int after = (int) Math.ceil((span + 1) * count / 10.0);
            double[] ofSpan = Arrays.copyOfRange(y, first, after);
            Arrays.sort(ofSpan);
            assertThat(new double[] {kept.y(2 * span), kept.y(2 * span + 1)})
                    .containsExactlyInAnyOrder(ofSpan[0], ofSpan[ofSpan.length - 1]);
        }
    }

    @Test
    void leavesFewPointsAsTheyAre() {
        Points few = new Points(new double[] {1, 2, 3}, new double[] {5, 5, 5});
        assertThat(Extremes.of(few, 1)).isSameAs(few);
    }

    @Test
    void keepsAGapWhereThePointsAroundItLie() {
        double[] x = {0, 1, 2, 3, 4, 5, 6, 7};
        double[] y = {1, 2, Double.NaN, 3, 4, 5, 6, Double.NaN};
        Points kept = Extremes.of(new Points(x, y), 2);
        assertThat(kept.xs()).containsExactly(0.0, 2.0, 3.0, 4.0, 6.0, 7.0);
    }
}
