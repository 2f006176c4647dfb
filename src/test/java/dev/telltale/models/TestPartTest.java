package dev.telltale.models;

import static dev.telltale.models.TestData.anomalous;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.detection.Calibration;
import dev.telltale.detection.ConfusionMatrix;
import dev.telltale.detection.Figure;
import dev.telltale.detection.ReconstructionErrors;
import dev.telltale.detection.Runs;
import dev.telltale.detection.ScoreScale;
import dev.telltale.detection.ThresholdRule;
import dev.telltale.detection.VolumeUnderSurface;
import dev.telltale.models.TestFigures.Events;
import dev.telltale.series.Annotation;
import dev.telltale.signal.Split;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A hundred rows of a wave, of which the last forty are the test part, measured with errors made up for it.
class TestPartTest {

    private static final Split SPLIT = new Split(0.4, 0.2, 0.4, Split.Order.CHRONOLOGICAL);
    private static final Split SHUFFLED = new Split(0.4, 0.2, 0.4, Split.Order.SHUFFLED);
    private static final ThresholdRule QUANTILE = new ThresholdRule.Quantile(0.9);

    @Test
    void measuresVerdictsRangesAndRanking() {
        // test rows 10 to 13 and 30 are annotated; reported are 12 and 13, and two runs of normal rows
        double[] errors = new double[40];
        Arrays.setAll(errors, i -> i / 1000.0);
        for (int row : new int[] {12, 13, 20, 21, 25}) {
            errors[row] = 2 + row;
        }

        TrainingData data = data(SPLIT, QUANTILE, anomalous(70, 73), anomalous(90, 90));
        Evaluation evaluation = evaluate(data, errors);

        TestFigures test = evaluation.test();
        assertThat(evaluation.reasons()).isEmpty();
        assertThat(test.rows()).isEqualTo(40);
        assertThat(test.confusionMatrix()).isEqualTo(new ConfusionMatrix(2, 3, 3, 32));
        assertThat(test.prevalence()).isEqualTo(5.0 / 40);
        assertThat(test.events()).isEqualTo(new Events(1, 2));
        assertThat(test.falseAlarmsPer1000()).isEqualTo(1000 * 2 / 35.0);
        // by falling error 25, 21, 20, then 13 and 12, the rows 39 to 31, and 30; 11 and 10 come last but ten
        assertThat(test.averagePrecision()).isEqualTo((1 / 4.0 + 2 / 5.0 + 3 / 15.0 + 4 / 29.0 + 5 / 30.0) / 5);
        // of the 35 normal rows 32 lie below 13 and 12, 23 below 30, and 10 below 11 and 10
        assertThat(test.rocAuc()).isEqualTo((32 + 32 + 23 + 10 + 10) / (5 * 35.0));
        // ranges of 4 rows and of 1: the longer one of the two in the middle is the window
        Figure volume = VolumeUnderSurface.precisionRecall(
                Runs.among(data.frame(), data.test()),
                new ReconstructionErrors(errors),
                data.anomalous(data.test()),
                4);
        assertThat(volume).isEqualTo(new Figure.Known(Objects.requireNonNull(test.vusPr())));
        assertThat(evaluation.curves().precisionRecall()).hasSize(6);
        assertThat(evaluation.curves().precisionRecall().getLast())
                .isEqualTo(new Curves.PrecisionRecall(1, 5 / 40.0, 0));
        assertThat(evaluation.curves().roc().getFirst()).isEqualTo(new Curves.Roc(0, 0, null));
        assertThat(evaluation.curves().roc().getLast()).isEqualTo(new Curves.Roc(1, 1, 0.0));
    }

    @Test
    void takesRowsOnBothSidesOfAGapForNoNeighbours() {
        double[] values = new double[110];
        Arrays.setAll(values, i -> i >= 72 && i < 82 ? Double.NaN : Math.sin(i));
        double[] errors = new double[40];
        Arrays.fill(errors, 11, 13, 2); // the last row before the gap and the first after it
        Evaluation before = evaluate(TestData.of(values, SPLIT, QUANTILE, anomalous(70, 75)), errors);
        Evaluation around = evaluate(TestData.of(values, SPLIT, QUANTILE, anomalous(70, 85)), errors);

        assertThat(before.test().events()).isEqualTo(new Events(1, 1));
        assertThat(before.test().falseAlarmsPer1000()).isEqualTo(1000 / 38.0);
        assertThat(around.test().events()).isEqualTo(new Events(2, 2));
        assertThat(around.test().falseAlarmsPer1000()).isZero();
    }

    @Test
    void measuresBaselinesOnTheSameRowsAndWarnsOfBetterOnes() {
        double[] blind = new double[40];

        Evaluation evaluation = evaluate(data(SPLIT, QUANTILE, anomalous(80, 81)), blind);

        assertThat(evaluation.baselines())
                .extracting(Evaluation.Rival::name)
                .containsExactly("robust-z-score", "difference", "random-cut-forest");
        for (Evaluation.Rival rival : evaluation.baselines()) {
            assertThat(rival.reasons()).isEmpty();
            assertThat(rival.test().rows()).isEqualTo(40);
            assertThat(rival.test().events()).isEqualTo(new Events(1, 1));
        }
        assertThat(evaluation.baselines().getFirst().averagePrecision()).contains(1.0);
        assertThat(evaluation.warnings())
                .containsExactly("baseline-better: the baseline 'robust-z-score' ranks the test rows better than"
                        + " this model, average precision 1.000 against 0.050");
    }

    @Test
    void doesNotWarnOfABaselineThatIsAsGood() {
        double[] perfect = new double[40];
        perfect[20] = 7;
        perfect[21] = 7;

        assertThat(evaluate(data(SPLIT, QUANTILE, anomalous(80, 81)), perfect).warnings())
                .isEmpty();
    }

    @Test
    void saysWhyAFigureIsMissing() {
        Evaluation normalOnly = evaluate(data(SPLIT, QUANTILE, anomalous(10, 11)), new double[40]);
        assertThat(normalOnly.test().rows()).isEqualTo(40);
        assertThat(normalOnly.test().events()).isEqualTo(new Events(0, 0));
        assertThat(normalOnly.test().falseAlarmsPer1000()).isZero();
        assertThat(normalOnly.reasons())
                .containsOnlyKeys("precision", "recall", "f1", "averagePrecision", "rocAuc", "vusPr");
        assertThat(normalOnly.curves()).isEqualTo(Curves.NONE);

        Evaluation unlabelled = evaluate(data(SPLIT, QUANTILE), new double[40]);
        assertThat(unlabelled.test()).isEqualTo(TestFigures.unknown(40));
        assertThat(unlabelled.reasons())
                .hasSize(11)
                .containsEntry("vusPr", unlabelled.reasons().get("f1"));
        assertThat(unlabelled.baselines()).isEmpty();

        Split noTest = new Split(0.4, 0.6, 0, Split.Order.CHRONOLOGICAL);
        assertThat(evaluate(data(noTest, QUANTILE, anomalous(80, 81)), new double[0])
                        .reasons())
                .hasSize(11)
                .containsEntry("f1", "the split leaves no row to test on");
    }

    @Test
    void measuresNothingThatNeedsNeighboursInAShuffledSplit() {
        Evaluation evaluation = evaluate(data(SHUFFLED, QUANTILE, anomalous(0, 49)), new double[40]);

        assertThat(evaluation.reasons()).containsOnlyKeys("precision", "vusPr", "events", "falseAlarmsPer1000");
        assertThat(evaluation.reasons().get("events")).contains("shuffled");
        assertThat(evaluation.test().averagePrecision()).isPositive();
    }

    @Test
    void drawsNoLineForABaselineWhereTheErrorIsGiven() {
        Evaluation evaluation = evaluate(data(SPLIT, new ThresholdRule.Fixed(0.5), anomalous(80, 81)), new double[40]);

        assertThat(evaluation.test().confusionMatrix()).isNotNull();
        for (Evaluation.Rival rival : evaluation.baselines()) {
            assertThat(rival.reasons())
                    .containsOnlyKeys(
                            "confusionMatrix", "accuracy", "precision", "recall", "f1", "events", "falseAlarmsPer1000");
            assertThat(rival.test().averagePrecision()).isPositive();
        }
    }

    /// @param errors of the network on the test part; it scores by multiples of 1
    private static Evaluation evaluate(TrainingData data, double[] errors) {
        Calibration calibration = Calibration.of(new ReconstructionErrors(new double[] {0.1, 0.2}));
        ScoreScale scale = new ScoreScale(calibration, 1, ScoreScale.Basis.ERROR);
        return new TestPart(data)
                .evaluate(
                        new ReconstructionErrors(errors),
                        scale,
                        data.hasAnnotations() ? data.baselines() : List.of(),
                        Optional.empty());
    }

    private static TrainingData data(Split split, ThresholdRule rule, Annotation... annotations) {
        double[] values = new double[100];
        Arrays.setAll(values, i -> Math.sin(i) + (i == 80 || i == 81 ? 10 * (i - 78) : 0));
        return TestData.of(values, split, rule, annotations);
    }
}
