package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.series.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SilencingTest {

    private static final Instant NOW = Instant.parse("2026-03-10T09:00:00Z");
    private static final AlertGroup GROUP = Grouping.of(Incidents.lasting(1, List.of(), "i-1", "i-2"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{alertname=\"TelltaleAnomaly\"}",
                "{detector=\"disks\"}",
                "{detector=~\"di.*\",zone=\"a\"}",
                "{metric=\"disk_writes\"}",
                "disk_writes",
                "disk_writes{instance=~\"i-[12]\"}",
                "{absent=\"\"}"
            })
    void matchersSeeTheLabelsOfAlerts(String matchers) {
        assertThat(Silencing.of(GROUP, List.of(silence(matchers, 0, 60)), NOW).isSilent())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{detector=\"others\"}", "{zone!=\"a\"}", "disk_reads", "{instance=\"i-3\"}"})
    void othersAreNotSilenced(String matchers) {
        assertThat(Silencing.of(GROUP, List.of(silence(matchers, 0, 60)), NOW))
                .isEqualTo(new Silencing.Outcome(GROUP, java.util.Optional.empty()));
    }

    @Test
    void aSilenceThatDoesNotHoldNowSilencesNothing() {
        List<Silence> silences = List.of(silence("disk_writes", -60, -1), silence("disk_writes", 1, 60));
        assertThat(Silencing.of(GROUP, silences, NOW).audible()).isEqualTo(GROUP);
    }

    @Test
    void theFirstEndIsWhenToLookAgain() {
        List<Silence> silences = List.of(
                silence("{instance=\"i-1\"}", 0, 60),
                silence("{instance=\"i-1\"}", 0, 50),
                silence("{instance=\"i-2\"}", 0, 40),
                silence("{instance=\"i-9\"}", 0, 10));
        Silencing.Outcome outcome = Silencing.of(GROUP, silences, NOW);
        assertThat(outcome.isSilent()).isTrue();
        assertThat(outcome.until()).contains(NOW.plusSeconds(40));
    }

    private static Silence silence(String matchers, long start, long end) {
        SilenceForm form = new SilenceForm(
                matchers, NOW.plus(Duration.ofSeconds(start)), NOW.plus(Duration.ofSeconds(end)), null, null);
        return new Silence(1, 1, Selector.parse(matchers), form.schedule(), form);
    }
}
