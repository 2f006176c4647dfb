package dev.telltale.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingSettingsTest {

    @Test
    void hasTheDefaultsOfTheContract() {
        assertThat(TrainingSettings.DEFAULT)
                .isEqualTo(new TrainingSettings(
                        50, 32, 0.001, new Optimizer.Adam(), 0, Optional.of(new EarlyStopping(5, 0.0001)), 42));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 32, 0.1, 0, epochs must be from 1 to 10000",
        "10001, 32, 0.1, 0, epochs must be from 1 to 10000",
        "1, 0, 0.1, 0, batchSize must be from 1 to 65536",
        "1, 65537, 0.1, 0, batchSize must be from 1 to 65536",
        "1, 32, 0, 0, learningRate must be above 0",
        "1, 32, 1.01, 0, learningRate must be above 0",
        "1, 32, NaN, 0, learningRate must be above 0",
        "1, 32, 0.1, -1, weightDecay must be at least 0",
        "1, 32, 0.1, Infinity, weightDecay must be at least 0",
    })
    void refusesValuesOutOfRange(int epochs, int batchSize, double learningRate, double weightDecay, String message) {
        assertThatThrownBy(() -> new TrainingSettings(
                        epochs, batchSize, learningRate, new Optimizer.Adam(), weightDecay, Optional.empty(), 0))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void refusesMomentumOutOfRange(double momentum) {
        assertThatThrownBy(() -> new Optimizer.Sgd(momentum)).hasMessageContaining("was " + momentum);
    }

    @Test
    void refusesPatienceAndMinDeltaOutOfRange() {
        assertThatThrownBy(() -> new EarlyStopping(0, 0)).hasMessageContaining("patience");
        assertThatThrownBy(() -> new EarlyStopping(10_001, 0)).hasMessageContaining("patience");
        assertThatThrownBy(() -> new EarlyStopping(1, -1)).hasMessageContaining("minDelta");
        assertThatThrownBy(() -> new EarlyStopping(1, Double.NaN)).hasMessageContaining("minDelta");
    }
}
