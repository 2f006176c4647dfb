package dev.telltale.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingMemoryTest {

    @Test
    void countsWeightsActivationsAndWindows() {
        // base, L·C = 1: 1,169 parameters in 10 copies (value, gradient, first, best, result, three to measure
        // losses, two moments);
        // 1 + 32 + 32 + 16 + 16 + 32 + 32 + 1 + 1 values pass the layers for each of 32 rows, in 3 copies;
        // 1,000 windows, what the network makes of them, and their order; and 4 MiB
        assertThat(TrainingMemory.estimate(Preset.BASE, 1, 1, 1_000, TrainingSettings.DEFAULT))
                .isEqualTo((4 << 20) + 4 * (1_169 * 10 + 163 * 32 * 3 + 1_000 * 3));
    }

    @Test
    void countsOneMomentForSgdAndNoLargerBatchThanThereAreWindows() {
        TrainingSettings sgd = new TrainingSettings(1, 65_536, 0.1, new Optimizer.Sgd(0), 0, Optional.empty(), 0);

        assertThat(TrainingMemory.estimate(Preset.BASE, 1, 1, 10, sgd))
                .isEqualTo((4 << 20) + 4 * (1_169 * 9 + 163 * 10 * 3 + 10 * 3));
    }

    @Test
    void refusesWhatNeedsMoreThanItMayUse() {
        assertThatCode(() -> TrainingMemory.check(100, 100)).doesNotThrowAnyException();
        assertThatThrownBy(() -> TrainingMemory.check(101, 100)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.type()).isEqualTo(AutoencoderProblem.TOO_EXPENSIVE);
            assertThat(problem.members()).isEqualTo(Map.of("neededBytes", 101L, "allowedBytes", 100L));
        });
    }
}
