package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.series.Pushed.Reason;
import dev.telltale.series.Pushed.Refused;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalLogTest {

    private static final Pushed REFUSED = new Pushed(0, 0, 0, 0, List.of(new Refused(Reason.TOO_OLD, 3, "cpu is old")));

    private Instant now = Instant.EPOCH;
    private final RefusalLog log = new RefusalLog(() -> now);

    @Test
    void warnsOnceAMinute() {
        assertThat(log.add(REFUSED)).isTrue();
        assertThat(log.add(REFUSED)).isFalse();
        now = now.plusSeconds(59);
        assertThat(log.add(REFUSED)).isFalse();
        now = now.plusSeconds(1);
        assertThat(log.add(REFUSED)).isTrue();
    }

    @Test
    void isSilentWhereNothingIsRefused() {
        assertThat(log.add(new Pushed(1, 1, 0, 1, List.of()))).isFalse();
        assertThat(log.add(REFUSED)).isTrue();
    }
}
