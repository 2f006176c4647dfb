package dev.telltale.autoencoder.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.autoencoder.AutoencoderProblem;
import dev.telltale.problem.Problem;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryGuardTest {

    private final AtomicLong inUse = new AtomicLong(5_000);
    private final AtomicLong nanos = new AtomicLong();
    private int looks;

    @Test
    void endsATrainingThatTookMoreThanItsLimitSinceItBegan() {
        MemoryGuard guard = guard(1_000);
        inUse.set(6_000);
        assertThatCode(guard::check).doesNotThrowAnyException();

        nanos.addAndGet(200_000_000);
        inUse.set(6_001);
        assertThatThrownBy(guard::check)
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.type()).isEqualTo(AutoencoderProblem.TRAINING_OVER_MEMORY))
                .hasMessageContaining(
                        "estimated to need 700 bytes, and the process took 1001 since it began, which counts what models");
    }

    @Test
    void looksAtOnceAndThenNowAndThen() {
        MemoryGuard guard = guard(1_000);
        int before = looks;
        for (int batch = 0; batch < 100; batch++) {
            guard.check();
            nanos.addAndGet(10_000_000);
        }

        assertThat(looks - before).isEqualTo(10);
    }

    @Test
    void guardsNothingWhereNobodyCounts() {
        MemoryGuard guard = new MemoryGuard(0, 0, OptionalLong::empty, nanos::get);

        assertThatCode(guard::check).doesNotThrowAnyException();
    }

    @Test
    void allowsAThirdMoreThanEstimatedAndWhatOthersMayTake() {
        assertThat(MemoryGuard.limit(1_000, 0)).isEqualTo(1_300 + (128 << 20));
        assertThat(MemoryGuard.limit(1_000, 1L << 40)).isEqualTo(1_300 + (128 << 20) + (1L << 40));
        assertThat(MemoryGuard.limit(1_000, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }

    private MemoryGuard guard(long limit) {
        return new MemoryGuard(
                700,
                limit,
                () -> {
                    looks++;
                    return OptionalLong.of(inUse.get());
                },
                nanos::get);
    }
}
