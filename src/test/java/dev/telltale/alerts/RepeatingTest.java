package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.alerts.Repeating.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RepeatingTest {

    private static final Instant NOW = Instant.parse("2026-03-10T09:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final AlertGroup GROUP = Grouping.of(Incidents.lasting(1, List.of(), "i-1"));
    private static final Receiver HOOK =
            new Receiver.Webhook(ReceiverUrl.parse("https://hooks.example.com"), new Secret(AlertsOnDisk.SECRET), HOUR);
    private static final Receiver MANAGER =
            new Receiver.Alertmanager(ReceiverUrl.parse("https://am.example.com"), HOUR);
    private static final Silencing.Outcome AUDIBLE = new Silencing.Outcome(GROUP, Optional.empty());
    private static final Silencing.Outcome SILENT =
            new Silencing.Outcome(GROUP.with(List.of()), Optional.of(NOW.plusSeconds(7)));

    @Test
    void whatBeginsIsToldAtOnce() {
        assertThat(verdict(true, true, null, false, AUDIBLE, HOOK))
                .isEqualTo(new Verdict.Tell(Occasion.BEGAN, GROUP, NOW.plus(HOUR)));
    }

    @Test
    void whatLastsWaitsForItsTime() {
        assertThat(verdict(true, true, NOW.minus(HOUR).plusMillis(1), false, AUDIBLE, HOOK))
                .isEqualTo(new Verdict.Wait(NOW.plusMillis(1)));
        assertThat(verdict(true, true, NOW.minus(HOUR), false, AUDIBLE, HOOK))
                .isEqualTo(new Verdict.Tell(Occasion.CHANGED, GROUP, NOW.plus(HOUR)));
    }

    @Test
    void whatDidNotChangeIsToldAgainOnlyToWhoForgets() {
        assertThat(verdict(true, false, NOW.minus(HOUR), false, AUDIBLE, HOOK)).isEqualTo(new Verdict.WaitForChange());
        assertThat(verdict(true, false, NOW.minus(HOUR), false, AUDIBLE, MANAGER))
                .isEqualTo(new Verdict.Tell(Occasion.CHANGED, GROUP, NOW.plus(HOUR)));
    }

    @Test
    void whatStillWaitsIsNotToldAgain() {
        assertThat(verdict(true, true, NOW.minus(HOUR), true, AUDIBLE, MANAGER))
                .isEqualTo(new Verdict.Wait(NOW.plus(HOUR)));
    }

    @Test
    void whatIsSilencedWaitsForTheEndOfTheSilence() {
        assertThat(verdict(true, true, null, false, SILENT, HOOK)).isEqualTo(new Verdict.Wait(NOW.plusSeconds(7)));
        assertThat(verdict(true, true, NOW.minus(HOUR), false, SILENT, MANAGER))
                .isEqualTo(new Verdict.Wait(NOW.plusSeconds(7)));
    }

    @Test
    void theEndIsToldToWhoKnowsOfTheBegin() {
        assertThat(verdict(false, true, NOW, false, SILENT, HOOK))
                .isEqualTo(new Verdict.TellTheEnd(List.of(Occasion.ENDED), GROUP));
        assertThat(verdict(false, true, null, false, AUDIBLE, HOOK))
                .isEqualTo(new Verdict.TellTheEnd(List.of(Occasion.BEGAN, Occasion.ENDED), GROUP));
        assertThat(verdict(false, true, null, false, SILENT, HOOK)).isEqualTo(new Verdict.Forget());
    }

    @Test
    void aFalseAlarmIsNotToldToWhoDidNotHearOfIt() {
        AlertGroup none = new AlertGroup(1, "disks", 0, 1, 0, 4.5, 0, 2, GROUP.alerts());
        Firing firing = new Firing(new ReceiverName("r"), none, false, true, Optional.empty(), Set.of(), false);
        assertThat(Repeating.of(firing, new Silencing.Outcome(none, Optional.empty()), HOOK, NOW))
                .isEqualTo(new Verdict.Forget());
    }

    private static Verdict verdict(
            boolean open,
            boolean fresh,
            @org.jspecify.annotations.Nullable Instant told,
            boolean queued,
            Silencing.Outcome silencing,
            Receiver receiver) {
        Firing firing =
                new Firing(new ReceiverName("r"), GROUP, open, fresh, Optional.ofNullable(told), Set.of(), queued);
        return Repeating.of(firing, silencing, receiver, NOW);
    }
}
