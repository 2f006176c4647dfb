package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.detection.Figure.Known;
import dev.telltale.detection.Figure.Undefined;
import dev.telltale.detection.LabelledErrors.Drawn;
import dev.telltale.detection.Ranking.Cut;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RankingTest {

    @Test
    void isWorthWhatHandsWorkOut() {
        // by falling error: anomalous, normal, anomalous, normal, normal
        Ranking ranking = ranking(new double[] {9, 7, 5, 3, 1}, true, false, true, false, false);

        assertThat(ranking.averagePrecision()).isEqualTo(new Known((1.0 + 2.0 / 3) / 2));
        // of 6 pairs only (5, 7) stands the wrong way round
        assertThat(ranking.rocAuc()).isEqualTo(new Known(5.0 / 6));
        assertThat(ranking.positives()).isEqualTo(2);
        assertThat(ranking.negatives()).isEqualTo(3);
    }

    @Test
    void countsTiesAsHalfAndAsOneStep() {
        // 5 is shared by an anomalous and a normal row: precision there is 2/3, never 2/2
        Ranking ranking = ranking(new double[] {9, 5, 5, 1}, true, true, false, false);

        assertThat(ranking.averagePrecision()).isEqualTo(new Known(0.5 * 1 + 0.5 * 2 / 3));
        assertThat(ranking.rocAuc()).isEqualTo(new Known(3.5 / 4));
    }

    @Test
    void givesChanceToEqualErrors() {
        Ranking ranking = ranking(new double[] {4, 4, 4, 4}, true, false, false, false);

        assertThat(ranking.averagePrecision()).isEqualTo(new Known(0.25));
        assertThat(ranking.rocAuc()).isEqualTo(new Known(0.5));
        assertThat(ranking.precisionRecall(10)).containsExactly(new Cut(4, 1, 3));
        assertThat(ranking.roc(10)).containsExactly(new Cut(4, 1, 3));
    }

    @Test
    void saysWhyAFigureIsUndefined() {
        Ranking none = ranking(new double[0]);
        Ranking normal = ranking(new double[] {1}, false);
        Ranking anomalous = ranking(new double[] {1, 2}, true, true);

        for (Ranking ranking : new Ranking[] {none, normal}) {
            assertThat(ranking.averagePrecision()).isEqualTo(new Undefined("no row is annotated as anomalous"));
            assertThat(ranking.rocAuc()).isEqualTo(new Undefined("no row is annotated as anomalous"));
            assertThat(ranking.precisionRecall(10)).isEmpty();
            assertThat(ranking.roc(10)).isEmpty();
        }
        assertThat(anomalous.averagePrecision()).isEqualTo(new Known(1));
        assertThat(anomalous.rocAuc()).isEqualTo(new Undefined("every row is annotated as anomalous"));
        assertThat(anomalous.precisionRecall(10)).hasSize(2);
        assertThat(anomalous.roc(10)).isEmpty();
    }

    @Test
    void equalsThePlainestLoopsOnManySmallInputs() {
        Random random = new Random(1);
        for (int round = 0; round < 3_000; round++) {
            Drawn drawn = LabelledErrors.draw(random, 40);
            Ranking ranking = Ranking.of(drawn.errors(), drawn.anomalous());

            if (ranking.averagePrecision() instanceof Known(double value)) {
                assertThat(value).isCloseTo(plainAveragePrecision(drawn), within(1e-12));
            }
            if (ranking.rocAuc() instanceof Known(double value)) {
                assertThat(value).isCloseTo(plainAuc(drawn), within(1e-12));
            }
            assertThat(ranking.averagePrecision() instanceof Known).isEqualTo(ranking.positives() > 0);
            assertThat(ranking.rocAuc() instanceof Known).isEqualTo(ranking.positives() > 0 && ranking.negatives() > 0);
        }
    }

    @Test
    void hasTheAreaOfItsFigureUnderTheCornersOfEachCurve() {
        Random random = new Random(2);
        for (int round = 0; round < 1_000; round++) {
            Drawn drawn = LabelledErrors.draw(random, 60);
            Ranking ranking = Ranking.of(drawn.errors(), drawn.anomalous());
            if (ranking.averagePrecision() instanceof Known(double expected)) {
                double area = 0;
                int before = 0;
                for (Cut cut : ranking.precisionRecall(1_000)) {
                    area += cut.precision() * (cut.tp() - before) / ranking.positives();
                    before = cut.tp();
                }
                assertThat(area).isCloseTo(expected, within(1e-12));
            }
            if (ranking.rocAuc() instanceof Known(double expected)) {
                double area = 0;
                Cut before = new Cut(0, 0, 0);
                for (Cut cut : ranking.roc(1_000)) {
                    area += (cut.fp() - before.fp()) * (cut.tp() + before.tp()) / 2.0;
                    before = cut;
                }
                assertThat(area / ranking.positives() / ranking.negatives()).isCloseTo(expected, within(1e-12));
            }
        }
    }

    @Test
    void thinsItsCurvesAndKeepsTheirEnds() {
        int n = 5_000;
        Random random = new Random(3);
        double[] errors = random.doubles(n).toArray();
        boolean[] anomalous = new boolean[n];
        for (int i = 0; i < n; i++) {
            anomalous[i] = random.nextInt(5) == 0;
        }
        Ranking ranking = ranking(errors, anomalous);

        for (int most : new int[] {2, 3, 200}) {
            for (List<Cut> curve : List.of(ranking.precisionRecall(most), ranking.roc(most))) {
                assertThat(curve).hasSize(most).doesNotHaveDuplicates();
                Cut last = curve.getLast();
                assertThat(last.tp()).isEqualTo(ranking.positives());
                assertThat(last.fp()).isEqualTo(ranking.negatives());
            }
            assertThat(ranking.precisionRecall(most).getFirst().tp()).isEqualTo(1);
            assertThat(ranking.roc(most).getFirst().tp()
                            * ranking.roc(most).getFirst().fp())
                    .isZero();
        }
    }

    @Test
    void refusesAnnotationsOfOtherRows() {
        assertThatIllegalArgumentException().isThrownBy(() -> ranking(new double[2], true));
    }

    private static Ranking ranking(double[] errors, boolean... anomalous) {
        return Ranking.of(new ReconstructionErrors(errors), anomalous);
    }

    /// For each anomalous row the precision among all rows with at least its error.
    private static double plainAveragePrecision(Drawn drawn) {
        double sum = 0;
        int positives = 0;
        for (int i = 0; i < drawn.anomalous().length; i++) {
            if (drawn.anomalous()[i]) {
                int tp = 0;
                int reported = 0;
                for (int j = 0; j < drawn.anomalous().length; j++) {
                    if (drawn.errors().value(j) >= drawn.errors().value(i)) {
                        reported++;
                        tp += drawn.anomalous()[j] ? 1 : 0;
                    }
                }
                sum += (double) tp / reported;
                positives++;
            }
        }
        return sum / positives;
    }

    /// Over all pairs of an anomalous and a normal row.
    private static double plainAuc(Drawn drawn) {
        double right = 0;
        int pairs = 0;
        for (int i = 0; i < drawn.anomalous().length; i++) {
            for (int j = 0; j < drawn.anomalous().length; j++) {
                if (drawn.anomalous()[i] && !drawn.anomalous()[j]) {
                    double difference = drawn.errors().value(i) - drawn.errors().value(j);
                    right += difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        return right / pairs;
    }
}
