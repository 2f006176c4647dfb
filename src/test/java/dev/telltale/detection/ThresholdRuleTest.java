package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.detection.ThresholdRule.BestF1;
import dev.telltale.detection.ThresholdRule.Fixed;
import dev.telltale.detection.ThresholdRule.Quantile;
import dev.telltale.detection.ThresholdRule.Rate;
import dev.telltale.detection.ThresholdRule.Sigma;
import dev.telltale.problem.Problem;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ThresholdRuleTest {

    private static final ReconstructionErrors ONE_TO_1000 = new ReconstructionErrors(
            IntStream.rangeClosed(1, 1000).asDoubleStream().toArray());

    @Test
    void drawsTheLineByEachRule() {
        // tail from 901 on: exponential of mean 50; mean 500.5, deviation √((1000² − 1) / 12)
        assertThat(new Rate(0.001).line(ONE_TO_1000)).isCloseTo(901 + 50 * Math.log(100 / 1.001), within(1e-9));
        assertThat(new Quantile(0.97).line(ONE_TO_1000)).isCloseTo(970.03, within(1e-9));
        assertThat(new Sigma(2).line(ONE_TO_1000)).isCloseTo(500.5 + 2 * Math.sqrt(999_999 / 12.0), within(1e-9));
        assertThat(new Fixed(7).line(ONE_TO_1000)).isEqualTo(7);
    }

    @Test
    void everyLineIsFiniteAndNotNegative() {
        Random random = new Random(30);
        for (int trial = 0; trial < 3000; trial++) {
            ReconstructionErrors normal = NormalErrors.draw(random);
            for (ThresholdRule rule : new ThresholdRule[] {
                new Rate(1e-9), new Rate(0.999), new Quantile(0), new Quantile(1), new Sigma(0), new Sigma(1e6)
            }) {
                assertThat(rule.line(normal)).isFinite().isNotNegative();
            }
        }
    }

    @Test
    void aLineDrawnFromEqualErrorsIsNotBelowThem() {
        Random random = new Random(31);
        for (int trial = 0; trial < 3000; trial++) {
            double error = random.nextDouble() * Math.pow(10, random.nextInt(300) - 250);
            double[] errors = new double[100 + random.nextInt(200)];
            Arrays.fill(errors, error);
            ReconstructionErrors normal = new ReconstructionErrors(errors);
            for (ThresholdRule rule :
                    new ThresholdRule[] {new Rate(0.0001), new Quantile(0.97), new Sigma(3), new Sigma(0)}) {
                assertThat(rule.line(normal)).as("%s", rule).isGreaterThanOrEqualTo(error);
            }
        }
    }

    @Test
    void aFixedLineNeedsNoNormalRows() {
        ReconstructionErrors none = new ReconstructionErrors(new double[0]);
        assertThat(new Fixed(7).line(none)).isEqualTo(7);
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> new Rate(0.1).line(none))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(DetectionProblem.NO_NORMAL_ROWS));
    }

    @Test
    void refusesValuesOutOfRange() {
        for (double bad : new double[] {0, 1, -0.1, Double.NaN}) {
            assertRefused(() -> new Rate(bad), "rate");
        }
        for (double bad : new double[] {-0.1, 1.1, Double.NaN}) {
            assertRefused(() -> new Quantile(bad), "q");
        }
        for (double bad : new double[] {-1, 2e6, Double.NaN}) {
            assertRefused(() -> new Sigma(bad), "k");
        }
        for (double bad : new double[] {-1, Double.POSITIVE_INFINITY, Double.NaN}) {
            assertRefused(() -> new Fixed(bad), "error");
        }
    }

    @Test
    void drawsTheLineOfTheBestF1BetweenAnomalousRowsAndOthers() {
        // above 5: both anomalous rows and one of four others, F1 4/5; above 8 one of two, F1 2/3
        ReconstructionErrors errors = new ReconstructionErrors(new double[] {1, 9, 2, 4, 7, 6});
        boolean[] anomalous = {false, true, false, false, false, true};

        assertThat(bestF1Line(errors, anomalous)).isEqualTo(5);
    }

    @Test
    void drawsTheHighestOfEquallyGoodLines() {
        // above 8.5 one of two anomalous rows, above 1.5 both and two others: F1 is 2/3 for either
        ReconstructionErrors errors = new ReconstructionErrors(new double[] {9, 8, 7, 2, 1});
        boolean[] anomalous = {true, false, false, true, false};

        assertThat(bestF1Line(errors, anomalous)).isEqualTo(8.5);
    }

    private static double bestF1Line(ReconstructionErrors errors, boolean[] anomalous) {
        return new BestF1().line(ONE_TO_1000, () -> Calibration.of(ONE_TO_1000), () -> Ranking.of(errors, anomalous));
    }

    @Test
    void drawsNoLineOfTheBestF1WithoutAnAnomalousRow() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> bestF1Line(ONE_TO_1000, new boolean[1000]))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(DetectionProblem.NO_ANNOTATED_ROWS));
    }

    @Test
    void theLineOfTheBestF1IsAsGoodAsAnyThatThePlainestSearchFinds() {
        Random random = new Random(32);
        for (int trial = 0; trial < 1000; trial++) {
            int rows = 1 + random.nextInt(40);
            double[] values = random.ints(rows, 0, 12).asDoubleStream().toArray();
            boolean[] anomalous = new boolean[rows];
            for (int i = 0; i < rows; i++) {
                anomalous[i] = random.nextInt(3) == 0;
            }
            double best = IntStream.range(0, 24)
                    .mapToDouble(half -> f1(values, anomalous, half / 2.0))
                    .max()
                    .orElseThrow();
            Ranking.of(new ReconstructionErrors(values), anomalous)
                    .bestF1Line()
                    .ifPresentOrElse(
                            line -> {
                                assertThat(f1(values, anomalous, line)).isEqualTo(best);
                                for (double higher = 0.5; higher < 12; higher++) {
                                    if (above(values, higher) < above(values, line)) {
                                        assertThat(f1(values, anomalous, higher))
                                                .isLessThan(best);
                                    }
                                }
                            },
                            () -> assertThat(best).isZero());
        }
    }

    private static long above(double[] errors, double line) {
        return Arrays.stream(errors).filter(error -> error > line).count();
    }

    private static double f1(double[] errors, boolean[] anomalous, double line) {
        int right = 0;
        int reported = 0;
        int annotated = 0;
        for (int i = 0; i < errors.length; i++) {
            reported += errors[i] > line ? 1 : 0;
            annotated += anomalous[i] ? 1 : 0;
            right += errors[i] > line && anomalous[i] ? 1 : 0;
        }
        return reported + annotated == 0 ? 0 : 2.0 * right / (reported + annotated);
    }

    private static void assertRefused(ThrowingCallable construction, String field) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(construction)
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(DetectionProblem.BAD_THRESHOLD))
                .withMessageStartingWith(field + " must be");
    }
}
