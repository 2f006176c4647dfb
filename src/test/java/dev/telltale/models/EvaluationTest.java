package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.detection.ConfusionMatrix;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    @Test
    void givesTheFiguresOfAMatrix() {
        Evaluation evaluation = Evaluation.of(new ConfusionMatrix(3, 1, 2, 4));

        assertThat(evaluation.reasons()).isEmpty();
        assertThat(evaluation.test())
                .isEqualTo(new Evaluation.Test(
                        10, 0.5, new ConfusionMatrix(3, 1, 2, 4), 0.7, 0.75, 0.6, 2 * 3.0 / (2 * 3 + 1 + 2)));
    }

    @Test
    void saysWhyAFigureIsMissing() {
        Evaluation evaluation = Evaluation.of(new ConfusionMatrix(0, 1, 0, 9));

        assertThat(evaluation.test().precision()).isZero();
        assertThat(evaluation.test().recall()).isNull();
        assertThat(evaluation.reasons()).containsOnlyKeys("recall", "f1");
    }

    @Test
    void hasAReasonForEveryFigureWhereThereIsNone() {
        Evaluation evaluation = Evaluation.without(7, "nobody looked");

        assertThat(evaluation.test().rows()).isEqualTo(7);
        assertThat(evaluation.reasons()).hasSize(6).containsEntry("confusionMatrix", "nobody looked");
    }
}
