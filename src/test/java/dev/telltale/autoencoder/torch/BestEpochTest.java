package dev.telltale.autoencoder.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.autoencoder.EarlyStopping;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class BestEpochTest {

    @Test
    void isTheLastWithoutEarlyStopping() {
        BestEpoch best = new BestEpoch(Optional.empty());

        assertThat(best.see(1, OptionalDouble.of(1))).isTrue();
        assertThat(best.see(2, OptionalDouble.of(5))).isTrue();
        assertThat(best.see(3, OptionalDouble.empty())).isTrue();
        assertThat(best.epoch()).isEqualTo(3);
        assertThat(best.patienceLost()).isFalse();
    }

    @Test
    void isTheOneOfTheLowestLossAndPatienceEndsAfterIt() {
        BestEpoch best = new BestEpoch(Optional.of(new EarlyStopping(2, 0)));

        assertThat(best.see(1, OptionalDouble.of(3))).isTrue();
        assertThat(best.see(2, OptionalDouble.of(2))).isTrue();
        assertThat(best.see(3, OptionalDouble.of(2))).isFalse();
        assertThat(best.patienceLost()).isFalse();
        assertThat(best.see(4, OptionalDouble.of(4))).isFalse();
        assertThat(best.patienceLost()).isTrue();
        assertThat(best.epoch()).isEqualTo(2);
    }

    @Test
    void losesPatienceWithFallsBelowMinDeltaButKeepsTheLowest() {
        BestEpoch best = new BestEpoch(Optional.of(new EarlyStopping(2, 0.5)));

        best.see(1, OptionalDouble.of(3));
        assertThat(best.see(2, OptionalDouble.of(2.9))).isTrue();
        assertThat(best.see(3, OptionalDouble.of(2.8))).isTrue();
        assertThat(best.patienceLost()).isTrue();
        assertThat(best.epoch()).isEqualTo(3);
    }

    @Test
    void addsSmallFallsUpToOne() {
        BestEpoch best = new BestEpoch(Optional.of(new EarlyStopping(2, 0.5)));

        best.see(1, OptionalDouble.of(3));
        best.see(2, OptionalDouble.of(2.7));
        best.see(3, OptionalDouble.of(2.4));
        best.see(4, OptionalDouble.of(2.3));
        assertThat(best.patienceLost()).isFalse();
    }
}
