package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PreferTest {

    @Test
    void waitsAsLongAsAskedButAMinuteAtMost() {
        assertThat(Prefer.of("wait=10").patience()).contains(Duration.ofSeconds(10));
        assertThat(Prefer.of("Respond-Async, WAIT = \"3600\"").patience()).contains(Duration.ofSeconds(60));
    }

    @Test
    void knowsWhoWantsToBeAnsweredAtOnce() {
        assertThat(Prefer.of("respond-async").respondAsync()).isTrue();
        assertThat(Prefer.of("wait=1").respondAsync()).isFalse();
    }

    @Test
    void ignoresWhatItDoesNotKnow() {
        assertThat(Prefer.of("handling=lenient, wait=-1, wait=x").patience()).isEmpty();
        assertThat(Prefer.of(null).patience()).isEmpty();
    }
}
