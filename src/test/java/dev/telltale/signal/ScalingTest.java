package dev.telltale.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.problem.Problem;
import dev.telltale.signal.Scaling.Channel;
import dev.telltale.signal.Scaling.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScalingTest {

    @Test
    void minMaxTakesTheRangeToOne() {
        Scaling scaling = fit(Kind.MIN_MAX, 2, 4, 10);
        assertThat(scaling.channels()).containsExactly(new Channel(2, 8, false));
        assertThat(scaling.scale(0, 4)).isEqualTo(0.25);
        assertThat(scaling.scale(0, 18)).isEqualTo(2);
        assertThat(scaling.unscale(0, 0.25)).isEqualTo(4);
    }

    @Test
    void standardTakesMeanAndDeviationOfAllRows() {
        // mean 5, squared distances 9 1 1 1 0 0 4 16 sum to 32, over 8 rows: deviation 2
        Scaling scaling = fit(Kind.STANDARD, 2, 4, 4, 4, 5, 5, 7, 9);
        assertThat(scaling.channels().getFirst().offset()).isEqualTo(5);
        assertThat(scaling.channels().getFirst().scale()).isCloseTo(2, within(1e-15));
    }

    @Test
    void robustTakesMedianAndQuartiles() {
        // sorted 1 2 3 4 1000: quartiles 2 and 4, median 3
        assertThat(fit(Kind.ROBUST, 1000, 1, 4, 3, 2).channels()).containsExactly(new Channel(3, 2, false));
    }

    @Test
    void robustTakesTheDeviationWhereBothQuartilesAreEqual() {
        // mean 1, squared distances 7 · 1 + 49 = 56, over 8 rows: deviation √7; the median is 0
        Channel channel = fit(Kind.ROBUST, 0, 0, 0, 8, 0, 0, 0, 0).channels().getFirst();
        assertThat(channel.offset()).isZero();
        assertThat(channel.scale()).isCloseTo(Math.sqrt(7), within(1e-15));
    }

    @Test
    void robustIsNotFooledByTheRoundingOfTiedQuartiles() {
        for (int n = 8; n < 200; n++) {
            double[] values = new double[n];
            Arrays.fill(values, 0.1);
            values[0] = 1;
            assertThat(fit(Kind.ROBUST, values).channels().getFirst().scale()).isGreaterThan(0.01);
        }
    }

    @Test
    void noneLeavesValuesAsTheyAre() {
        assertThat(fit(Kind.NONE, 3, 5).scale(0, 123.5)).isEqualTo(123.5);
    }

    @Test
    void learnsFromTheGivenRowsOnlyAndEachChannelByItself() {
        Frame frame = Frames.of(new double[] {0, 1, 50}, new double[] {7, 9, -50});
        Scaling scaling = Scaling.fit(Kind.MIN_MAX, frame, new int[] {0, 1});
        assertThat(scaling.channels()).containsExactly(new Channel(0, 1, false), new Channel(7, 2, false));
    }

    @ParameterizedTest
    @EnumSource
    void anyChangeOfAConstantChannelShows(Kind kind) {
        for (double constant : new double[] {0, 1, -3, 1e-3, 5e8, -1.7e308, 1e-320}) {
            Scaling scaling = fit(kind, constant, constant, constant);
            assertThat(scaling.constantChannels()).containsExactly(0);
            assertThat(scaling.scale(0, constant)).isZero();
            double change = Math.max(1.01e-8 * Math.abs(constant), 1.01e-8);
            assertThat(scaling.scale(0, constant + change)).isGreaterThan(9);
            assertThat(scaling.scale(0, constant - change)).isLessThan(-9);
            assertThat(scaling.unscale(0, 0)).isEqualTo(constant);
        }
    }

    @Test
    void namesConstantChannelsOnly() {
        Frame frame = Frames.of(new double[] {1, 2}, new double[] {5, 5}, new double[] {0.0, -0.0});
        assertThat(Scaling.fit(Kind.STANDARD, frame, new int[] {0, 1}).constantChannels())
                .containsExactly(1, 2);
    }

    @ParameterizedTest
    @EnumSource
    void staysFiniteForValuesOfAnySize(Kind kind) {
        Random random = new Random(1);
        double[] extremes = {
            0, -0.0, 1, -1, 1e-9, Double.MIN_VALUE, 3e-320, 1e30, -1e30, 1.7e308, -1.7e308, Double.MAX_VALUE
        };
        for (int trial = 0; trial < 5000; trial++) {
            double[] values = new double[1 + random.nextInt(6)];
            Arrays.setAll(values, i -> extremes[random.nextInt(extremes.length)]);
            Scaling scaling = fit(kind, values);
            for (double value : extremes) {
                double scaled = scaling.scale(0, value);
                assertThat(scaled)
                        .as("%s in %s", value, Arrays.toString(values))
                        .isBetween(-Scaling.LIMIT, Scaling.LIMIT);
                assertThat(scaling.unscale(0, scaled)).isFinite();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheOrderOfValuesAndFindsThemAgain(Kind kind) {
        Random random = new Random(2);
        for (int trial = 0; trial < 2000; trial++) {
            double size = Math.pow(10, random.nextInt(600) - 300);
            double[] values =
                    random.doubles(2 + random.nextInt(20), -size, size).toArray();
            Scaling scaling = fit(kind, values);
            double a = values[0];
            double b = values[1];
            assertThat(Double.compare(scaling.scale(0, a), scaling.scale(0, b))).isIn(0, Double.compare(a, b));
            if (kind != Kind.NONE) {
                assertThat(scaling.unscale(0, scaling.scale(0, a))).isCloseTo(a, within(1e-14 * size));
            }
        }
    }

    @Test
    void theWidestRangeOfAllIsCutToTheLargestDouble() {
        Scaling scaling = fit(Kind.MIN_MAX, -1.7e308, 1.7e308);
        assertThat(scaling.scale(0, -1.7e308)).isZero();
        assertThat(scaling.scale(0, 0)).isCloseTo(0.95, within(0.01));
        assertThat(scaling.scale(0, 1.7e308)).isCloseTo(1.89, within(0.01));
    }

    @Test
    void isItselfAgainFromItsNumbers() {
        Scaling scaling = fit(Kind.ROBUST, 0.1, 0.7, 0.2);
        assertThat(new Scaling(scaling.kind(), List.copyOf(scaling.channels()))).isEqualTo(scaling);
    }

    @Test
    void refusesNumbersThatCannotScale() {
        for (double scale : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Channel(0, scale, false));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Channel(Double.NaN, 1, false));
    }

    @Test
    void refusesToLearnFromNothing() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> Scaling.fit(Kind.NONE, Frames.of(new double[] {1}), new int[0]))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(SignalProblem.NOT_ENOUGH_DATA));
    }

    private static Scaling fit(Kind kind, double... values) {
        Frame frame = Frames.of(values);
        return Scaling.fit(kind, frame, Frames.allRows(frame));
    }
}
