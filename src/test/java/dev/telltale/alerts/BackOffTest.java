package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {

    private final BackOff backOff = new BackOff(new Random(42));

    @Test
    void doublesUpToFiveMinutesSpreadOverHalf() {
        for (int failures = 1; failures <= 40; failures++) {
            long whole = Math.min(300_000, 1_000L << Math.min(failures - 1, 20));
            assertThat(backOff.after(failures, Optional.empty()).toMillis()).isBetween(whole / 2, whole);
        }
    }

    @Test
    void isNotTheSameForAll() {
        assertThat(IntStream.range(0, 20)
                        .mapToObj(i -> backOff.after(5, Optional.empty()))
                        .distinct()
                        .count())
                .isGreaterThan(10);
    }

    @Test
    void isAtLeastWhatTheReceiverAsksForUpToAnHour() {
        assertThat(backOff.after(1, Optional.of(Duration.ofMinutes(7)))).isEqualTo(Duration.ofMinutes(7));
        assertThat(backOff.after(9, Optional.of(Duration.ofMillis(1)))).isGreaterThan(Duration.ofMinutes(2));
        assertThat(backOff.after(1, Optional.of(Duration.ofDays(365)))).isEqualTo(Duration.ofHours(1));
    }
}
