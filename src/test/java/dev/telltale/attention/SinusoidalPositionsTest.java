package dev.telltale.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SinusoidalPositionsTest {

    @Test
    void sinesStandAtEvenPlacesAndCosinesOfTheSameAngleAtOddOnes() {
        double[] positions = SinusoidalPositions.of(3, 4); // frequencies 1 and 1/100
        double[] expected = {
            0,
            1,
            0,
            1,
            Math.sin(1),
            Math.cos(1),
            Math.sin(0.01),
            Math.cos(0.01),
            Math.sin(2),
            Math.cos(2),
            Math.sin(0.02),
            Math.cos(0.02)
        };
        assertThat(positions).containsExactly(expected, within(1e-15));
    }

    @Test
    void anOddWidthEndsWithASine() {
        double[] positions = SinusoidalPositions.of(2, 3);
        assertThat(positions[3 + 2]).isEqualTo(Math.sin(1 / Math.pow(10_000, 2.0 / 3)), within(1e-15));
    }

    @Test
    void aStepTurnsEachPairByTheSameAngleEverywhere() {
        int width = 6;
        double[] positions = SinusoidalPositions.of(50, width);
        for (int pair = 0; pair < width; pair += 2) {
            double turn = 1 / Math.pow(10_000, (double) pair / width);
            for (int position = 0; position < 49; position++) {
                int here = position * width + pair;
                double turned = positions[here] * Math.cos(turn) + positions[here + 1] * Math.sin(turn);
                assertThat(positions[here + width]).isEqualTo(turned, within(1e-12));
            }
        }
    }
}
