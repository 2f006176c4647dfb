package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.problem.Problem;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CalibrationTest {

    @Test
    void countsHowManyNormalErrorsAreAsLarge() {
        Calibration calibration = of(oneTo(19)); // of 20 places, 20 − e lie at or above error e
        assertThat(calibration.evidence(0)).isZero();
        assertThat(calibration.evidence(1)).isEqualTo(-Math.log(19 / 20.0));
        assertThat(calibration.evidence(10)).isEqualTo(-Math.log(10 / 20.0));
        assertThat(calibration.evidence(10.5))
                .isCloseTo((-Math.log(10 / 20.0) - Math.log(9 / 20.0)) / 2, within(1e-15));
    }

    @Test
    void beginsTheTailWhereATenthOfTheRowsIsLeft() {
        Calibration calibration = of(oneTo(1000));
        assertThat(calibration.n()).isEqualTo(1000);
        assertThat(calibration.tail().threshold()).isEqualTo(901); // reached by 100 rows
        assertThat(calibration.quality()).isEqualTo(new Calibration.Quality(99, 0.001));
        // the excesses 1 to 99 are lighter than exponential: their mean is 50
        assertThat(calibration.tail().shape()).isZero();
        assertThat(calibration.tail().scale()).isCloseTo(50, within(1e-12));
        assertThat(calibration.evidence(951)).isCloseTo(-Math.log(100 / 1001.0) + 1, within(1e-12));
    }

    @Test
    void findsTheErrorThatAShareExceeds() {
        Calibration calibration = of(oneTo(1000));
        assertThat(calibration.exceededBy(0.5)).isCloseTo(500.5, within(0.01));
        assertThat(calibration.exceededBy(0.1)).isCloseTo(901, within(1.0));
        assertThat(calibration.exceededBy(0.01)).isCloseTo(901 + 50 * Math.log(10), within(0.1));
        assertThat(calibration.exceededBy(1)).isZero();
    }

    @Test
    void theTailStartsAtTheFirstOfFewErrorsAboveManyEqualOnes() {
        double[] errors = new double[100];
        Arrays.fill(errors, 95, 100, 4); // 95 zeros
        Calibration calibration = of(errors);
        assertThat(calibration.tail().threshold()).isEqualTo(4);
        assertThat(calibration.evidence(4)).isEqualTo(-Math.log(5 / 101.0));
        assertThat(calibration.tail().scale()).isCloseTo(0.2, within(1e-15)); // the mean, for want of excesses
    }

    @Test
    void nothingIsExceededWhereAllErrorsAreZero() {
        Calibration calibration = of(new double[500]);
        assertThat(calibration.exceededBy(0.0001)).isZero();
        assertThat(calibration.evidence(0)).isZero();
        assertThat(calibration.evidence(1e-12)).isEqualTo(1);
    }

    @Test
    void itsRatesAreKeptByRowsOfTheSameKind() {
        Random random = new Random(20);
        double[] normal =
                IntStream.range(0, 20_000).mapToDouble(i -> heavy(random)).toArray();
        Calibration calibration = of(normal);
        int fresh = 2_000_000;
        for (double rate : new double[] {0.5, 0.05, 0.001, 0.0001}) {
            double line = calibration.exceededBy(rate);
            long above =
                    IntStream.range(0, fresh).filter(i -> heavy(random) > line).count();
            assertThat((double) above / fresh).isBetween(rate / 1.6, rate * 1.6);
        }
    }

    @Test
    void growsStrictlyWithoutEndAndWithoutAJumpForAnyErrors() {
        Random random = new Random(21);
        for (int trial = 0; trial < 3000; trial++) {
            ReconstructionErrors normal = NormalErrors.draw(random);
            Calibration calibration = Calibration.of(normal);
            double[] ladder = NormalErrors.ladder(normal);
            double last = -1;
            for (int i = 0; i < ladder.length; i++) {
                double evidence = calibration.evidence(ladder[i]);
                assertThat(evidence).isNotNegative().isFinite();
                if (i > 0 && ladder[i] > ladder[i - 1] * (1 + 1e-9) && last < Double.MAX_VALUE) {
                    assertThat(evidence).as("trial %d at %s", trial, ladder[i]).isGreaterThan(last);
                }
                last = evidence;
            }
            assertThat(calibration.evidence(Double.MAX_VALUE)).isFinite().isGreaterThanOrEqualTo(last);
            for (double knot : calibration.errors()) {
                double at = calibration.evidence(knot);
                assertThat(calibration.evidence(Math.nextDown(knot))).isLessThanOrEqualTo(at);
                assertThat(calibration.evidence(Math.nextUp(knot))).isGreaterThanOrEqualTo(at);
            }
            double joint = calibration.tail().threshold();
            if (joint > Double.MIN_NORMAL) {
                assertThat(calibration.evidence(joint * (1 - 1e-12)))
                        .isCloseTo(calibration.evidence(joint), within(1e-6));
            }
        }
    }

    @Test
    void inverseAndMapAgreeForAnyErrors() {
        Random random = new Random(22);
        for (int trial = 0; trial < 3000; trial++) {
            Calibration calibration = Calibration.of(NormalErrors.draw(random));
            double joint = calibration.tail().threshold();
            double rate = Math.pow(10, -6 * random.nextDouble());
            double line = calibration.exceededBy(rate);
            assertThat(line).isFinite().isNotNegative();
            if (joint > 1e-280 && line < Double.MAX_VALUE) {
                assertThat(Math.exp(-calibration.evidence(line)))
                        .as("trial %d: %s of %d", trial, calibration.tail(), calibration.n())
                        .isCloseTo(rate, within(1e-5 * rate));
            }
        }
    }

    @Test
    void followsThePlainCountWithinOneRow() {
        Random random = new Random(23);
        for (int trial = 0; trial < 300; trial++) {
            double[] errors = random.doubles(50 + random.nextInt(900)).toArray();
            Calibration calibration = of(errors.clone());
            for (int i = 0; i < 50; i++) {
                double error = calibration.tail().threshold() * random.nextDouble();
                long atLeast = Arrays.stream(errors).filter(e -> e >= error).count();
                double probability = Math.exp(-calibration.evidence(error));
                assertThat(probability * (errors.length + 1)).isBetween(atLeast - 1e-9, atLeast + 1 + 1e-9);
            }
        }
    }

    @Test
    void keepsFewKnotsOfManyErrors() {
        double[] errors = new Random(24).doubles(100_000).toArray();
        Calibration calibration = of(errors);
        assertThat(calibration.errors()).hasSize(Calibration.MOST_KNOTS);
        assertThat(calibration.errors()).startsWith(0.0);
        for (double error = 0; error < 0.9; error += 0.01) {
            assertThat(Math.exp(-calibration.evidence(error))).isCloseTo(1 - error, within(0.005));
        }
    }

    @Test
    void isItselfAgainFromItsNumbers() {
        Random random = new Random(25);
        for (int trial = 0; trial < 300; trial++) {
            ReconstructionErrors normal = NormalErrors.draw(random);
            Calibration calibration = Calibration.of(normal);
            Calibration again = new Calibration(
                    calibration.n(),
                    calibration.quality().excesses(),
                    calibration.errors().clone(),
                    calibration.evidences().clone(),
                    calibration.tail());
            assertThat(again.quality()).isEqualTo(calibration.quality());
            for (double error : NormalErrors.ladder(normal)) {
                assertThat(again.evidence(error)).isEqualTo(calibration.evidence(error));
            }
        }
    }

    @Test
    void saysWhichRatesWereSeen() {
        Calibration.Quality quality = of(oneTo(1000)).quality();
        assertThat(quality.supports(0.001)).isTrue();
        assertThat(quality.supports(0.0001)).isFalse();
    }

    @Test
    void refusesToLearnFromNoError() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> of())
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(DetectionProblem.NO_NORMAL_ROWS));
    }

    @Test
    void refusesNumbersOfNoCalibration() {
        Tail tail = new Tail(2, 0, 1);
        double[] knots = {0, 1, 2};
        assertRefused(0, 0, knots, knots, tail);
        assertRefused(5, 6, knots, knots, tail);
        assertRefused(5, 1, new double[] {0, 2}, knots, tail);
        assertRefused(5, 1, new double[] {0, 2, 2}, knots, tail);
        assertRefused(5, 1, new double[] {1, 1.5, 2}, knots, tail);
        assertRefused(5, 1, knots, new double[] {0, Double.NaN, 2}, tail);
        assertRefused(5, 1, knots, new double[] {0, 1, Double.POSITIVE_INFINITY}, tail);
        assertRefused(5, 1, knots, knots, new Tail(3, 0, 1));
        assertRefused(5, 1, new double[0], new double[0], tail);
    }

    private static void assertRefused(int n, int excesses, double[] errors, double[] evidences, Tail tail) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Calibration(n, excesses, errors.clone(), evidences.clone(), tail));
    }

    /// Squares of a Student-like variable with a tail of shape 0.4.
    private static double heavy(Random random) {
        return Math.expm1(-0.4 * Math.log1p(-random.nextDouble())) / 0.4;
    }

    private static double[] oneTo(int n) {
        return IntStream.rangeClosed(1, n).asDoubleStream().toArray();
    }

    private static Calibration of(double... errors) {
        return Calibration.of(new ReconstructionErrors(errors));
    }
}
