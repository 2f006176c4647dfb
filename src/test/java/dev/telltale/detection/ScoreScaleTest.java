package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.detection.ScoreScale.Basis;
import dev.telltale.signal.Frame;
import dev.telltale.signal.Frames;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Scaling.Kind;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScoreScaleTest {

    private static final Calibration ENOUGH = of(oneTo(1000)); // above 901 exponential, mean 50
    private static final Calibration TOO_FEW = of(oneTo(99));

    @Test
    void scoresEvidenceInMultiplesOfTheLines() {
        ScoreScale scale = ScoreScale.of(ENOUGH, 1001, 1e-6);
        assertThat(scale.basis()).isEqualTo(Basis.EVIDENCE);
        double joint = -Math.log(100 / 1001.0);
        assertThat(scale.score(1051)).isCloseTo((joint + 3) / (joint + 2), within(1e-12));
        assertThat(scale.score(1001)).isEqualTo(1);
        assertThat(scale.score(0)).isZero();
    }

    @Test
    void scoresErrorsOverTheLineWithFewNormalRows() {
        ScoreScale scale = ScoreScale.of(TOO_FEW, 50, 1e-6);
        assertThat(scale.basis()).isEqualTo(Basis.ERROR);
        assertThat(scale.score(75)).isEqualTo(1.5);
    }

    @Test
    void raisesALineWithoutEvidenceToTheResolution() {
        ScoreScale scale = ScoreScale.of(ENOUGH, 0, 0.25);
        assertThat(scale.basis()).isEqualTo(Basis.ERROR);
        assertThat(scale.line()).isEqualTo(0.25);
        assertThat(scale.score(0.5)).isEqualTo(2);
        assertThat(ScoreScale.of(TOO_FEW, 1e-20, 1e-15).line()).isEqualTo(1e-12);
    }

    @Test
    void verdictScoreAndLineAgreeForAnyErrorsAndRule() {
        Random random = new Random(40);
        for (int trial = 0; trial < 5000; trial++) {
            ReconstructionErrors normal = NormalErrors.draw(random);
            Calibration calibration = Calibration.of(normal);
            ThresholdRule rule = switch (random.nextInt(4)) {
                case 0 -> new ThresholdRule.Rate(Math.pow(10, -7 * random.nextDouble() - 1e-3));
                case 1 -> new ThresholdRule.Quantile(random.nextDouble());
                case 2 -> new ThresholdRule.Sigma(random.nextInt(5));
                default -> new ThresholdRule.Fixed(Math.pow(10, -6 * random.nextDouble()));
            };
            ScoreScale scale = ScoreScale.of(calibration, rule.line(normal), 1e-6);
            assertThat(scale.line()).isPositive().isFinite();
            assertThat(scale.score(scale.line())).isEqualTo(1.0);
            assertThat(scale.score(Math.nextUp(scale.line()))).isGreaterThan(1);
            assertThat(scale.score(Math.nextDown(scale.line()))).isLessThan(1);
            double lastError = -1;
            double lastScore = -1;
            for (double error : NormalErrors.ladder(normal)) {
                double score = scale.score(error);
                assertThat(score).isNotNegative().isFinite();
                assertThat(score > 1).isEqualTo(error > scale.line()).isEqualTo(scale.anomalous(error));
                if (error > lastError * (1 + 1e-9) && lastScore < Double.MAX_VALUE) {
                    assertThat(score)
                            .as("trial %d: %s with %s at %s", trial, rule, scale.basis(), error)
                            .isGreaterThan(lastScore);
                }
                assertThat(score).isGreaterThanOrEqualTo(lastScore);
                lastError = error;
                lastScore = score;
            }
            assertThat(scale.score(Double.MAX_VALUE)).isFinite();
        }
    }

    @Test
    void isItselfAgainFromItsNumbers() {
        Random random = new Random(41);
        for (int trial = 0; trial < 500; trial++) {
            ReconstructionErrors normal = NormalErrors.draw(random);
            ScoreScale scale =
                    ScoreScale.of(Calibration.of(normal), new ThresholdRule.Quantile(0.9).line(normal), 1e-6);
            ScoreScale again = new ScoreScale(scale.calibration(), scale.line(), scale.basis());
            for (double error : NormalErrors.ladder(normal)) {
                assertThat(again.score(error)).isEqualTo(scale.score(error));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyChangeOfAConstantSeriesIsAnomalousAndTheConstantIsNot(Kind kind) {
        for (double constant : new double[] {0, 0.1, -7, 5e8, 1e300}) {
            double[] values = new double[500];
            Arrays.fill(values, constant);
            Frame frame = Frames.of(values);
            Scaling scaling = Scaling.fit(kind, frame, Frames.allRows(frame));
            // as rebuilt perfectly, nearly, and as badly as a sigmoid that has learned nothing
            for (double reconstruction : new double[] {0, 1e-9, 0.01, 0.5}) {
                double[] errors = new double[400];
                Arrays.fill(errors, reconstruction * reconstruction);
                ReconstructionErrors normal = new ReconstructionErrors(errors);
                for (ThresholdRule rule : new ThresholdRule[] {
                    new ThresholdRule.Rate(0.0001), new ThresholdRule.Quantile(0.97), new ThresholdRule.Sigma(3)
                }) {
                    ScoreScale scale = ScoreScale.of(
                            Calibration.of(normal),
                            rule.line(normal),
                            ScoreScale.resolution(frame, scaling, Frames.allRows(frame)));
                    assertThat(scale.anomalous(normal.value(0))).isFalse();
                    for (double sign : new double[] {-1, 1}) {
                        double changed = constant + sign * Math.max(1.01e-8 * Math.abs(constant), 1.01e-8);
                        double difference = scaling.scale(0, changed) - reconstruction;
                        assertThat(scale.anomalous(difference * difference))
                                .as("%s from %s by %s, rebuilt as %s", changed, constant, rule, reconstruction)
                                .isTrue();
                    }
                }
            }
        }
    }

    @Test
    void resolvesHalfTheSmallestStepBetweenTrainingValues() {
        Frame frame = Frames.of(new double[] {0, 10, 4, 4, 8, 8.5}); // smallest step 2 in the rows learned from
        int[] rows = {0, 1, 2, 3, 4};
        Scaling scaling = Scaling.fit(Kind.MIN_MAX, frame, rows);
        assertThat(ScoreScale.resolution(frame, scaling, rows)).isEqualTo(0.1 * 0.1);
    }

    @Test
    void halfAStepOfOneChannelAloneReachesTheResolution() {
        Frame frame = Frames.of(new double[] {0, 1, 0, 1}, new double[] {3, 7, 5, 3});
        Scaling scaling = Scaling.fit(Kind.NONE, frame, Frames.allRows(frame));
        assertThat(ScoreScale.resolution(frame, scaling, Frames.allRows(frame))).isEqualTo(0.5 * 0.5 / 2);
    }

    @Test
    void theResolutionIsNeverFinerThanWindowsAre() {
        Frame fine = Frames.of(new double[] {0, 1e-9, 1});
        Frame constant = Frames.of(new double[] {5, 5, 5});
        Frame huge = Frames.of(new double[] {-1.7e308, 1.7e308});
        for (Frame frame : new Frame[] {fine, constant}) {
            Scaling scaling = Scaling.fit(Kind.MIN_MAX, frame, Frames.allRows(frame));
            assertThat(ScoreScale.resolution(frame, scaling, Frames.allRows(frame)))
                    .isEqualTo(1e-12);
        }
        for (Kind kind : Kind.values()) {
            Scaling scaling = Scaling.fit(kind, huge, Frames.allRows(huge));
            assertThat(ScoreScale.resolution(huge, scaling, Frames.allRows(huge)))
                    .isBetween(ScoreScale.FINEST, Scaling.LIMIT * Scaling.LIMIT);
        }
    }

    @Test
    void refusesALineThatNothingReaches() {
        for (double line : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new ScoreScale(ENOUGH, line, Basis.ERROR));
        }
    }

    private static double[] oneTo(int n) {
        return IntStream.rangeClosed(1, n).asDoubleStream().toArray();
    }

    private static Calibration of(double... errors) {
        return Calibration.of(new ReconstructionErrors(errors));
    }
}
