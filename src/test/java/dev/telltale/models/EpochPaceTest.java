package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class EpochPaceTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void knowsThePaceFromTheFirstEpochOn() {
        assertThat(new EpochPace(START).secondsFor(49, START.plusSeconds(2))).isEqualTo(98);
    }

    @Test
    void forgetsASlowFirstEpoch() {
        EpochPace pace = new EpochPace(START);
        Instant now = START.plusSeconds(10);
        pace.secondsFor(99, now);
        for (int left = 98; left > 80; left--) {
            now = now.plusSeconds(1);
            pace.secondsFor(left, now);
        }

        assertThat(pace.secondsFor(80, now.plusSeconds(1))).isCloseTo(80, within(1.0));
    }

    @Test
    void isNeverNegative() {
        assertThat(new EpochPace(START).secondsFor(10, START.minusSeconds(5))).isZero();
        assertThat(new EpochPace(START).secondsFor(0, START.plusSeconds(5))).isZero();
    }
}
