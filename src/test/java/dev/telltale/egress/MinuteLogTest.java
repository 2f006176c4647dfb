package dev.telltale.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class MinuteLogTest {

    private Instant now = Instant.EPOCH;
    private final MinuteLog log = new MinuteLog(() -> now);

    @Test
    void warnsOnceAMinuteOfAllThatWereLost(CapturedOutput output) {
        assertThat(log.lost(1, "it is full", "cpu")).isTrue();
        now = now.plusSeconds(59);
        assertThat(log.lost(2, "it is full", "cpu")).isFalse();
        now = now.plusSeconds(1);
        assertThat(log.lost(3, "it answers 404", "memory")).isTrue();
        assertThat(output).contains("5 samples of scores were not written, such as of memory: it answers 404");
    }
}
