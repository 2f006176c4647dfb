package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.Conditions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertPipelineTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final List<String> HOOK = List.of("hook");
    private static final List<String> MANAGER = List.of("manager");

    @TempDir
    Path directory;

    private final SteeredClock clock = new SteeredClock("2026-03-10T09:01:00Z");
    private AlertsOnDisk alerts;
    private ReceiverName hook;
    private ReceiverName manager;

    @BeforeEach
    void open() {
        alerts = new AlertsOnDisk(directory, clock, 10);
        hook = alerts.webhook("hook");
        manager = alerts.alertmanager("manager");
    }

    @AfterEach
    void close() {
        alerts.close();
    }

    @Test
    void aWebhookIsToldOnceAtTheBeginAndOnceAtTheEnd() {
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        alerts.happens(Incidents.over(1, HOOK, "i-1"));
        alerts.later(HOUR);
        assertThat(alerts.tellings(hook)).containsExactly("began 1", "ended 1");
        assertThat(alerts.tellings(manager)).isEmpty();
        assertThat(alerts.pipeline.nextTurn()).isEmpty();
    }

    @Test
    void changesAreToldToAWebhookAtMostOnceWithinRepeatAndOnlyIfThereAreAny() {
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        alerts.deliverAll(hook);
        alerts.later(MINUTE);
        alerts.happens(Incidents.lasting(1, HOOK, "i-1", "i-2"));
        assertThat(alerts.tellings(hook)).isEmpty();
        alerts.later(HOUR);
        assertThat(alerts.tellings(hook)).containsExactly("changed 1");
        assertThat(alerts.waiting(hook).getFirst().group().alerts()).hasSize(2);
        alerts.deliverAll(hook);
        alerts.later(HOUR.multipliedBy(3));
        assertThat(alerts.tellings(hook)).isEmpty();
        alerts.happens(Incidents.lasting(1, HOOK, "i-1", "i-3"));
        assertThat(alerts.tellings(hook)).as("at once, after a quiet time").containsExactly("changed 1");
    }

    @Test
    void anAlertmanagerIsToldAgainAndAgainWhetherOrNotAnythingChanges() {
        alerts.happens(Incidents.lasting(1, MANAGER, "i-1"));
        for (int minute = 0; minute < 3; minute++) {
            alerts.deliverAll(manager);
            alerts.later(MINUTE.minusSeconds(1));
            assertThat(alerts.tellings(manager)).isEmpty();
            alerts.later(Duration.ofSeconds(1));
            assertThat(alerts.tellings(manager)).containsExactly("changed 1");
        }
    }

    @Test
    void nothingIsToldAgainWhileSomethingOfTheIncidentWaits() {
        alerts.happens(Incidents.lasting(1, MANAGER, "i-1"));
        for (int minute = 0; minute < 100; minute++) {
            alerts.later(MINUTE);
        }
        assertThat(alerts.tellings(manager)).containsExactly("began 1");
        alerts.happens(Incidents.over(1, MANAGER, "i-1"));
        assertThat(alerts.tellings(manager)).containsExactly("began 1", "ended 1");
    }

    @Test
    void whatBeganAndEndedBeforeAnyoneLookedIsToldAsBoth() {
        alerts.stores(Incidents.lasting(1, HOOK, "i-1"));
        alerts.happens(Incidents.over(1, HOOK, "i-1"));
        assertThat(alerts.tellings(hook)).containsExactly("began 1", "ended 1");
    }

    @Test
    void whatIsSaidOfAnIncidentAfterItsEndIsToldToNobody() {
        alerts.happens(Incidents.lasting(1, HOOK, "i-1", "i-2"));
        alerts.happens(Incidents.over(1, HOOK, "i-1", "i-2"));
        alerts.deliverAll(hook);
        // One of its anomalies is called a false alarm, and then also for a receiver that its detector had later.
        alerts.happens(Incidents.over(1, HOOK, "i-2"));
        alerts.happens(Incidents.over(1, List.of("hook", "manager", "nobody"), "i-1", "i-2"));
        alerts.later(HOUR);
        assertThat(alerts.tellings(hook)).isEmpty();
        assertThat(alerts.tellings(manager)).isEmpty();
        assertThat(alerts.pipeline.nextTurn()).isEmpty();
        assertThat(alerts.count("telltale.alerts.dropped", "reason", "unknown-receiver"))
                .isZero();
    }

    @Test
    void whatIsSilencedIsToldWhenTheSilenceEndsIfItStillLasts() {
        Instant end = clock.instant().plus(Duration.ofMinutes(30));
        alerts.silence("{instance=\"i-1\"}", clock.instant(), end);
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        assertThat(alerts.tellings(hook)).isEmpty();
        assertThat(alerts.pipeline.nextTurn()).contains(end);
        alerts.later(Duration.ofMinutes(30));
        assertThat(alerts.tellings(hook)).containsExactly("began 1");
    }

    @Test
    void whatEndsWhileItIsSilencedIsToldToNobody() {
        alerts.silence("{detector=\"disks\"}", clock.instant(), clock.instant().plus(HOUR));
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        alerts.happens(Incidents.over(1, HOOK, "i-1"));
        alerts.later(HOUR.multipliedBy(2));
        assertThat(alerts.tellings(hook)).isEmpty();
        assertThat(alerts.pipeline.nextTurn()).isEmpty();
        assertThat(alerts.count("telltale.alerts.silenced")).isEqualTo(1);
    }

    @Test
    void theEndOfWhatWasToldPassesASilenceThatItsRepetitionsDoNot() {
        alerts.happens(Incidents.lasting(1, MANAGER, "i-1"));
        alerts.deliverAll(manager);
        alerts.silence(
                "{alertname=\"TelltaleAnomaly\"}",
                clock.instant(),
                clock.instant().plus(HOUR));
        alerts.later(MINUTE.multipliedBy(10));
        assertThat(alerts.tellings(manager)).isEmpty();
        alerts.happens(Incidents.over(1, MANAGER, "i-1"));
        assertThat(alerts.tellings(manager)).containsExactly("ended 1");
    }

    @Test
    void aSilenceOfOneSeriesLeavesTheOthers() {
        alerts.silence(
                "disk_writes{instance=\"i-1\"}",
                clock.instant(),
                clock.instant().plus(HOUR));
        alerts.happens(Incidents.lasting(1, MANAGER, "i-1", "i-2"));
        Message message = alerts.waiting(manager).getFirst();
        assertThat(message.group().alerts())
                .extracting(alert -> alert.labels().get("instance"))
                .containsExactly("i-2");
        assertThat(message.group().involved()).isEqualTo(2);
    }

    @Test
    void aSeriesThatWasLeftOutIsToldWhenItsSilenceEndsThoughNothingElseChanges() {
        Instant begin = clock.instant();
        Instant first = begin.plus(HOUR.multipliedBy(2));
        Instant last = begin.plus(HOUR.multipliedBy(4));
        alerts.silence("{instance=\"i-1\"}", begin, begin.plus(MINUTE));
        alerts.silence("{instance=\"i-1\"}", begin, first);
        alerts.silence("{instance=\"i-3\"}", begin, last);
        alerts.happens(Incidents.lasting(1, HOOK, "i-1", "i-2", "i-3"));
        assertThat(toldToHook()).containsExactly("began i-2");
        alerts.later(HOUR);
        assertThat(toldToHook()).as("what was told already").isEmpty();
        assertThat(alerts.pipeline.nextTurn()).contains(first);
        alerts.later(HOUR);
        assertThat(toldToHook()).containsExactly("changed i-1 i-2");
        alerts.later(HOUR);
        assertThat(toldToHook()).isEmpty();
        assertThat(alerts.pipeline.nextTurn()).contains(last);
        alerts.later(HOUR);
        assertThat(toldToHook()).containsExactly("changed i-1 i-2 i-3");
        alerts.later(HOUR);
        assertThat(toldToHook()).isEmpty();
        assertThat(alerts.pipeline.nextTurn()).isEmpty();
    }

    @Test
    void aSeriesThatWasLeftOutIsToldOnceItsSilenceIsDeletedButNotBeforeRepeat() {
        Instant begin = clock.instant();
        Silence silence = alerts.silence("{instance=\"i-1\"}", begin, begin.plus(HOUR.multipliedBy(9)));
        alerts.happens(Incidents.lasting(1, HOOK, "i-1", "i-2"));
        assertThat(toldToHook()).containsExactly("began i-2");
        alerts.silence("{instance=\"i-9\"}", begin, begin.plus(MINUTE));
        alerts.later(MINUTE);
        alerts.silences.delete(silence.id(), Conditions.NONE);
        alerts.outbox.lookAtAll();
        alerts.later(MINUTE);
        assertThat(toldToHook()).isEmpty();
        alerts.later(HOUR.minus(MINUTE.multipliedBy(2)));
        assertThat(toldToHook()).containsExactly("changed i-1 i-2");
    }

    @Test
    void aSeriesThatWasToldBeforeItsSilenceIsNotToldAgainAfterIt() {
        alerts.happens(Incidents.lasting(1, HOOK, "i-1", "i-2"));
        alerts.deliverAll(hook);
        alerts.silence("{instance=\"i-1\"}", clock.instant(), clock.instant().plus(HOUR));
        alerts.later(HOUR);
        alerts.later(HOUR);
        assertThat(alerts.tellings(hook)).isEmpty();
    }

    @Test
    void aSilenceThatIsDeletedLetsWhatLastsThroughAtOnce() {
        Silence silence =
                alerts.silence("{zone=\"a\"}", clock.instant(), clock.instant().plus(HOUR));
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        alerts.silences.delete(silence.id(), Conditions.NONE);
        alerts.outbox.lookAtAll();
        alerts.later(Duration.ZERO);
        assertThat(alerts.tellings(hook)).containsExactly("began 1");
    }

    @Test
    void allOfItSurvivesARestart() {
        Instant end = clock.instant().plus(HOUR);
        alerts.silence("{instance=\"i-9\"}", clock.instant(), end);
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        alerts.happens(Incidents.lasting(2, HOOK, "i-9"));
        List<Message> before = alerts.waiting(hook);
        alerts.close();
        alerts = new AlertsOnDisk(directory, clock, 10);
        assertThat(alerts.waiting(hook)).isEqualTo(before).hasSize(1);
        assertThat(alerts.silences.current()).hasSize(1);
        assertThat(alerts.pipeline.nextTurn()).contains(end);
        alerts.later(HOUR);
        assertThat(alerts.tellings(hook)).containsExactly("began 1", "began 2");
    }

    @Test
    void ofAFullQueueTheOldestGoesCountedAndNamed() {
        for (int incident = 1; incident <= 13; incident++) {
            alerts.happens(Incidents.lasting(incident, HOOK, "i-1"));
        }
        assertThat(alerts.tellings(hook))
                .isEqualTo(
                        IntStream.rangeClosed(4, 13).mapToObj(i -> "began " + i).toList());
        StoredReceiver.Deliveries deliveries =
                alerts.receivers.find(hook).orElseThrow().deliveries();
        assertThat(deliveries.waiting()).isEqualTo(10);
        assertThat(deliveries.dropped()).isEqualTo(3);
        assertThat(deliveries.lastDrop())
                .contains(new Drop("3", Occasion.BEGAN, Drop.Reason.QUEUE_FULL, clock.instant()));
        assertThat(alerts.count("telltale.alerts.dropped", "reason", "queue-full"))
                .isEqualTo(3);
        assertThat(alerts.count("telltale.alerts.queue")).isEqualTo(10);
    }

    @Test
    void manyIncidentsAtOnceAreAllTold() {
        alerts.close();
        alerts = new AlertsOnDisk(directory, clock, 1_000);
        alerts.silence("{zone=\"a\"}", clock.instant(), clock.instant().plus(MINUTE));
        for (int incident = 1; incident <= 101; incident++) {
            alerts.happens(Incidents.lasting(incident, List.of("hook", "manager"), "i-1"));
        }
        assertThat(alerts.outbox.waiting()).isZero();
        alerts.later(MINUTE);
        assertThat(alerts.tellings(hook)).hasSize(101);
        assertThat(alerts.tellings(manager)).hasSize(101);
    }

    @Test
    void aReceiverThatThereIsNotIsCountedAndHindersNobody() {
        alerts.happens(Incidents.lasting(1, List.of("nobody", "hook", "'; drop table x"), "i-1"));
        assertThat(alerts.tellings(hook)).containsExactly("began 1");
        assertThat(alerts.count("telltale.alerts.dropped", "reason", "unknown-receiver"))
                .isEqualTo(2);
    }

    @Test
    void forAReceiverThatItsDetectorNoLongerNamesAnIncidentIsOver() {
        alerts.happens(Incidents.lasting(1, List.of("hook", "manager"), "i-1"));
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        assertThat(alerts.tellings(manager)).containsExactly("began 1", "ended 1");
        alerts.happens(Incidents.lasting(1, List.of(), "i-1"));
        assertThat(alerts.tellings(hook)).containsExactly("began 1", "ended 1");
    }

    @Test
    void aDeletedReceiverTakesWhatWaitedForItAlong() {
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        alerts.receivers.delete(hook, Conditions.NONE);
        assertThat(alerts.outbox.waiting()).isZero();
        assertThat(alerts.pipeline.nextTurn()).isEmpty();
        alerts.later(HOUR);
    }

    @Test
    void anIncidentThatIsRolledBackWasNeverHeardOf() {
        try {
            alerts.database.write(connection -> {
                new AlertIntake(alerts.outbox, alerts.meters, () -> {})
                        .changed(Incidents.lasting(1, HOOK, "i-1"), connection);
                throw new IllegalStateException("the rest of the transaction fails");
            });
        } catch (IllegalStateException expected) {
            alerts.later(Duration.ZERO);
        }
        assertThat(alerts.tellings(hook)).isEmpty();
    }

    /// What the webhook is told, as `began i-1 i-2` with the instances that the message names; it takes all of it.
    private List<String> toldToHook() {
        List<String> told = alerts.waiting(hook).stream()
                .map(message -> message.occasion().name().toLowerCase(Locale.ROOT)
                        + message.group().alerts().stream()
                                .map(alert -> " " + alert.labels().get("instance"))
                                .collect(Collectors.joining()))
                .toList();
        alerts.deliverAll(hook);
        return told;
    }
}
