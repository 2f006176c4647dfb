package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TailTest {

    @Test
    void isFittedByTheFormulaOfHoskingAndWallis() {
        // excesses 1 2 9: a0 = 4, a1 = (1·2/2 + 2·1/2 + 9·0) / 3 = 2/3, a0 − 2·a1 = 8/3,
        // shape 2 − 4 / (8/3) = 1/2, scale 2 · 4 · (2/3) / (8/3) = 2
        Tail tail = Tail.fit(10, new double[] {3, 10, 11, 12, 19}, 2);
        assertThat(tail.threshold()).isEqualTo(10);
        assertThat(tail.shape()).isCloseTo(0.5, within(1e-15));
        assertThat(tail.scale()).isCloseTo(2, within(1e-14));
    }

    @Test
    void isExponentialWhereExcessesAreLighter() {
        // excesses 1 2 3: a0 = 2, a1 = (1 + 1) / 3 = 2/3, shape 2 − 2 / (2/3) = −1
        assertThat(Tail.fit(0, new double[] {1, 2, 3}, 0)).isEqualTo(new Tail(0, 0, 2));
        assertThat(Tail.fit(1, new double[] {5}, 0)).isEqualTo(new Tail(1, 0, 4));
        assertThat(Tail.fit(1, new double[] {5, 5}, 0)).isEqualTo(new Tail(1, 0, 4));
    }

    @Test
    void recoversTheShapeOfDrawnSamples() {
        for (double shape : new double[] {0, 0.1, 0.25, 0.4}) {
            for (double scale : new double[] {1e-8, 3, 1e200}) {
                Random random = new Random(11);
                double[] excesses = random.doubles(200_000)
                        .map(u -> scale * (shape == 0 ? -Math.log1p(-u) : Math.expm1(-shape * Math.log1p(-u)) / shape))
                        .sorted()
                        .toArray();
                Tail tail = Tail.fit(0, excesses, 0);
                assertThat(tail.shape()).isCloseTo(shape, within(0.02));
                assertThat(tail.scale()).isCloseTo(scale, within(0.03 * scale));
            }
        }
    }

    @Test
    void keepsVeryHeavyTailsWithinShapeOne() {
        double[] excesses =
                new Random(12).doubles(1000).map(u -> Math.pow(u, -5)).sorted().toArray();
        assertThat(Tail.fit(0, excesses, 0).shape()).isBetween(0.9, 1.0);
    }

    @Test
    void givesProbabilitiesOfTheGeneralisedPareto() {
        // (1 + 1/2 · 4/2)^−2 = 1/4
        assertThat(new Tail(3, 0.5, 2).evidence(7)).isCloseTo(Math.log(4), within(1e-15));
        assertThat(new Tail(3, 0, 2).evidence(7)).isEqualTo(2);
    }

    @Test
    void findsTheErrorOfAnEvidence() {
        for (Tail tail : new Tail[] {new Tail(3, 0.5, 2), new Tail(0, 0, 1e-12), new Tail(1, 1, 5)}) {
            for (double evidence : new double[] {0, 1e-9, 0.3, 7, 30}) {
                assertThat(tail.evidence(tail.error(evidence))).isCloseTo(evidence, within(1e-7 + 1e-9 * evidence));
            }
        }
    }

    @Test
    void staysFiniteFromDenormalToHugeExcesses() {
        for (double size : new double[] {Double.MIN_VALUE, 1e-310, 1e-200, 1, 1e200, 8e307}) {
            for (double[] excesses : new double[][] {{size}, {size, 2 * size}, {size, size, 2 * size, 2 * size}}) {
                Tail tail = Tail.fit(0, excesses, 0);
                for (double error : new double[] {0, Double.MIN_VALUE, 1, 1e12, 1e308}) {
                    assertThat(tail.evidence(error))
                            .as("%s in %s", error, Arrays.toString(excesses))
                            .isFinite()
                            .isNotNegative();
                }
                assertThat(tail.error(700)).isFinite();
            }
        }
    }

    @Test
    void refusesNumbersOfNoTail() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Tail(-1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tail(0, -0.1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tail(0, 1.1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tail(0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tail(0, Double.NaN, 1));
    }
}
