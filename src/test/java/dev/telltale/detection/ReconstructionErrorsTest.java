package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.telltale.problem.Problem;
import dev.telltale.signal.Windows;
import org.junit.jupiter.api.Test;

class ReconstructionErrorsTest {

    @Test
    void isTheMeanSquareOverTheChannelsOfTheLastRow() {
        Windows original = new Windows(new float[] {9, 9, 1, 2, 9, 9, 3, 4}, 2, 2);
        Windows rebuilt = new Windows(new float[] {0, 0, 2, 4, 0, 0, 3, 8}, 2, 2);
        // (1² + 2²) / 2 and (0² + 4²) / 2
        assertThat(ReconstructionErrors.ofLastRows(original, rebuilt).values()).containsExactly(2.5, 8);
    }

    @Test
    void isTakenInDoublePrecision() {
        float one = 1;
        float near = Math.nextUp(one); // 2⁻²³ away, whose square a float sum with 1 would lose
        Windows original = new Windows(new float[] {one, 0}, 1, 2);
        Windows rebuilt = new Windows(new float[] {near, 1}, 1, 2);
        assertThat(ReconstructionErrors.ofLastRows(original, rebuilt).value(0)).isEqualTo((1 + 0x1p-46) / 2);
    }

    @Test
    void isTheLargestWhereTheAnswerIsNotANumber() {
        Windows original = new Windows(new float[] {1, 1, 1}, 1, 1);
        Windows rebuilt = new Windows(new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 1}, 1, 1);
        assertThat(ReconstructionErrors.ofLastRows(original, rebuilt).values())
                .containsExactly(Double.MAX_VALUE, Double.MAX_VALUE, 0);
    }

    @Test
    void refusesWindowsOfAnotherShape() {
        Windows original = new Windows(new float[4], 2, 1);
        for (Windows other : new Windows[] {
            new Windows(new float[4], 1, 1), new Windows(new float[4], 1, 2), new Windows(new float[6], 2, 1)
        }) {
            assertThatIllegalArgumentException().isThrownBy(() -> ReconstructionErrors.ofLastRows(original, other));
        }
    }

    @Test
    void hasQuantilesAndKeepsItsOrder() {
        ReconstructionErrors errors = errors(4, 1, 3, 2);
        assertThat(errors.quantile(0.5)).isEqualTo(2.5);
        assertThat(errors.values()).containsExactly(4, 1, 3, 2);
    }

    @Test
    void hasMeanAndDeviation() {
        ReconstructionErrors errors = errors(1, 3);
        assertThat(errors.mean()).isEqualTo(2);
        assertThat(errors.deviation()).isEqualTo(1);
    }

    @Test
    void saysWhichErrorsAreAboveALine() {
        assertThat(errors(1, 3, 2).above(2)).containsExactly(false, true, false);
    }

    @Test
    void refusesErrorsThatAreNone() {
        for (double bad : new double[] {-1e-300, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException().isThrownBy(() -> errors(1, bad));
        }
    }

    @Test
    void nothingIsSaidOfNoErrors() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> errors().mean())
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(DetectionProblem.NO_NORMAL_ROWS));
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> errors().deviation());
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> errors().quantile(0.5));
    }

    private static ReconstructionErrors errors(double... values) {
        return new ReconstructionErrors(values);
    }
}
