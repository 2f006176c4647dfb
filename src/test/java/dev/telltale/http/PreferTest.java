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

    @Test
    void takesNoPartOfAnotherPreferenceForOne() {
        assertThat(Prefer.of("foo; wait=5, bar=\"a, wait=6\", baz=\"\\\", wait=7\"")
                        .patience())
                .isEmpty();
        assertThat(Prefer.of("wait=5; strict, wait=6").patience()).contains(Duration.ofSeconds(5));
    }

    @Test
    void saysWhatWasHonoured() {
        assertThat(Prefer.of(null).applied(true)).isEmpty();
        assertThat(Prefer.of("respond-async, wait=100").applied(true)).contains("respond-async, wait=60");
        assertThat(Prefer.of("respond-async, wait=100").applied(false)).contains("wait=60");
        assertThat(Prefer.of("respond-async").applied(false)).isEmpty();
    }
}
