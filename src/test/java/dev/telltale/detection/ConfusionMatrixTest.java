package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.telltale.detection.Figure.Known;
import dev.telltale.detection.Figure.Undefined;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {

    @Test
    void countsVerdictsAgainstAnnotations() {
        boolean[] reported = {true, true, true, false, false, false, false};
        boolean[] anomalous = {true, true, false, true, false, false, false};
        assertThat(ConfusionMatrix.of(reported, anomalous)).isEqualTo(new ConfusionMatrix(2, 1, 1, 3));
    }

    @Test
    void givesTheFiguresOfARow() {
        ConfusionMatrix matrix = new ConfusionMatrix(6, 2, 4, 28);
        assertThat(matrix.rows()).isEqualTo(40);
        assertThat(matrix.prevalence()).isEqualTo(new Known(0.25));
        assertThat(matrix.accuracy()).isEqualTo(new Known(0.85));
        assertThat(matrix.precision()).isEqualTo(new Known(0.75));
        assertThat(matrix.recall()).isEqualTo(new Known(0.6));
        assertThat(matrix.f1()).isEqualTo(new Known(12.0 / 18)); // 2 · 0.75 · 0.6 / 1.35
    }

    @Test
    void saysWhyAFigureIsUndefined() {
        ConfusionMatrix normalOnly = new ConfusionMatrix(0, 3, 0, 7);
        assertThat(normalOnly.prevalence()).isEqualTo(new Known(0));
        assertThat(normalOnly.precision()).isEqualTo(new Known(0));
        assertThat(normalOnly.recall()).isEqualTo(new Undefined("no row is annotated as anomalous"));
        assertThat(normalOnly.f1()).isEqualTo(new Undefined("no row is annotated as anomalous"));
        ConfusionMatrix silent = new ConfusionMatrix(0, 0, 3, 7);
        assertThat(silent.precision()).isEqualTo(new Undefined("no row scored above 1"));
        assertThat(silent.recall()).isEqualTo(new Known(0));
        assertThat(silent.f1()).isEqualTo(new Known(0));
        ConfusionMatrix empty = ConfusionMatrix.of(new boolean[0], new boolean[0]);
        assertThat(empty.accuracy()).isEqualTo(new Undefined("there is no row"));
        assertThat(empty.prevalence()).isEqualTo(new Undefined("there is no row"));
    }

    @Test
    void refusesVerdictsOnOtherRows() {
        assertThatIllegalArgumentException().isThrownBy(() -> ConfusionMatrix.of(new boolean[2], new boolean[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> new ConfusionMatrix(-1, 0, 0, 0));
    }
}
