package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.alerts.Courier.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SenderTest {

    private static final List<String> HOOK = List.of("hook");
    private static final Outcome TAKEN = new Outcome.Taken();
    private static final Outcome DOWN = new Outcome.Failed("the answer was 503", Optional.empty());

    @TempDir
    Path directory;

    private final SteeredClock clock = new SteeredClock("2026-03-10T09:01:00Z");
    private final List<Outgoing> sent = new ArrayList<>();
    private AlertsOnDisk alerts;
    private ReceiverName hook;
    private Sender sender;
    private Outcome answer = TAKEN;

    @BeforeEach
    void open() {
        alerts = new AlertsOnDisk(directory, clock, 10);
        hook = alerts.webhook("hook");
        sender = sender();
    }

    @AfterEach
    void close() {
        alerts.close();
    }

    @Test
    void sendsInOrderAndForgetsWhatWasTaken() {
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        alerts.happens(Incidents.over(1, HOOK, "i-1"));
        alerts.happens(Incidents.lasting(2, HOOK, "i-1"));
        assertThat(sender.turn()).contains(Duration.ZERO);
        assertThat(alerts.tellings(hook)).containsExactly("ended 1", "began 2");
        sender.turn();
        sender.turn();
        assertThat(sender.turn()).isEmpty();
        assertThat(sent).extracting(SenderTest::id).containsExactly("event-1", "event-2", "event-3");
        assertThat(deliveries().lastSuccess()).contains(clock.instant());
        assertThat(alerts.count("telltale.alerts.sent", "kind", "webhook")).isEqualTo(3);
    }

    @Test
    void aFailureIsTriedAgainLaterUnderTheSameNameAndKeepsTheOthersWaiting() {
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        alerts.happens(Incidents.lasting(2, HOOK, "i-1"));
        answer = DOWN;
        Duration wait = sender.turn().orElseThrow();
        assertThat(wait).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(sender.turn()).as("not before its time").contains(wait);
        clock.goOn(wait);
        Duration longer = sender.turn().orElseThrow();
        assertThat(longer).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(deliveries().failure()).contains("the answer was 503");
        assertThat(deliveries().waiting()).isEqualTo(2);
        assertThat(alerts.count("telltale.alerts.failed", "kind", "webhook")).isEqualTo(2);
        clock.goOn(longer);
        answer = TAKEN;
        sender.turn();
        sender.turn();
        assertThat(sent).extracting(SenderTest::id).containsExactly("event-1", "event-1", "event-1", "event-2");
        assertThat(sent)
                .extracting(outgoing -> new String(outgoing.body(), java.nio.charset.StandardCharsets.UTF_8))
                .startsWith(body(0), body(0), body(0));
    }

    @Test
    void aRestartForgetsNeitherTheMessageNorItsTime() {
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        answer = DOWN;
        Duration wait = sender.turn().orElseThrow();
        alerts.close();
        alerts = new AlertsOnDisk(directory, clock, 10);
        sender = sender();
        assertThat(sender.turn()).contains(wait);
        clock.goOn(wait);
        answer = TAKEN;
        sender.turn();
        assertThat(sent).extracting(SenderTest::id).containsExactly("event-1", "event-1");
    }

    @Test
    void whatTheReceiverAsksForIsHeeded() {
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        answer = new Outcome.Failed("the answer was 429", Optional.of(Duration.ofMinutes(20)));
        assertThat(sender.turn()).contains(Duration.ofMinutes(20));
    }

    @Test
    void whatIsTooOldIsGivenUpAndSaidSo() {
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        clock.goOn(Duration.ofHours(23));
        alerts.happens(Incidents.lasting(2, HOOK, "i-1"));
        clock.goOn(Duration.ofHours(1));
        assertThat(sender.turn()).contains(Duration.ZERO);
        assertThat(sent).isEmpty();
        assertThat(deliveries().dropped()).isEqualTo(1);
        assertThat(deliveries().lastDrop())
                .contains(new Drop("1", Occasion.BEGAN, Drop.Reason.EXPIRED, clock.instant()));
        assertThat(alerts.count("telltale.alerts.dropped", "reason", "expired")).isEqualTo(1);
        sender.turn();
        assertThat(sent).extracting(SenderTest::id).containsExactly("event-2");
    }

    @Test
    void whatIsRefusedIsGivenUpAtOnceSoThatTheNextGoes() {
        alerts.happens(Incidents.lasting(1, HOOK, "i-1"));
        alerts.happens(Incidents.lasting(2, HOOK, "i-1"));
        answer = new Outcome.Refused("the answer was 400: no");
        assertThat(sender.turn()).contains(Duration.ZERO);
        assertThat(deliveries().lastDrop())
                .contains(new Drop("1", Occasion.BEGAN, Drop.Reason.REFUSED, clock.instant()));
        assertThat(deliveries().failure()).contains("the answer was 400: no");
        answer = TAKEN;
        sender.turn();
        assertThat(sent).extracting(SenderTest::id).containsExactly("event-1", "event-2");
    }

    private Sender sender() {
        return alerts.sender(hook, outgoing -> {
            sent.add(outgoing);
            return answer;
        });
    }

    private StoredReceiver.Deliveries deliveries() {
        return alerts.receivers.find(hook).orElseThrow().deliveries();
    }

    private String body(int index) {
        return new String(sent.get(index).body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String id(Outgoing outgoing) {
        return String.valueOf(outgoing.headers().get("webhook-id"));
    }
}
