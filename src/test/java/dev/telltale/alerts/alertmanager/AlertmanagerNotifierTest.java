package dev.telltale.alerts.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.alerts.Alert;
import dev.telltale.alerts.AlertGroup;
import dev.telltale.alerts.IncidentLinks;
import dev.telltale.alerts.Message;
import dev.telltale.alerts.Occasion;
import dev.telltale.alerts.Outgoing;
import dev.telltale.alerts.Receiver;
import dev.telltale.alerts.ReceiverName;
import dev.telltale.alerts.ReceiverUrl;
import dev.telltale.http.Json;
import dev.telltale.http.PublicUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AlertmanagerNotifierTest {

    private static final Instant START = Instant.parse("2026-03-10T09:00:00Z");
    private static final Instant NOW = START.plusSeconds(300);

    private final AlertmanagerNotifier notifier =
            new AlertmanagerNotifier(new Json(), new IncidentLinks(new PublicUrl("https://telltale.example.com")));

    @Test
    void writesAnAlertForEachSeries() {
        Outgoing outgoing = request(Occasion.BEGAN, START.plusSeconds(50));
        assertThat(outgoing.uri()).hasToString("http://am.example.com:9093/prefix/api/v2/alerts");
        assertThat(outgoing.contentType()).isEqualTo("application/json");
        JsonNode expected = new JsonMapper().readTree("""
                [
                  {
                    "labels": {"alertname": "TelltaleAnomaly", "detector": "disks", "metric": "disk_writes", "host": "a"},
                    "annotations": {
                      "summary": "disk_writes does not fit what disks learned",
                      "description": "disk_writes scores up to 4.50, where 1 is the line, since 2026-03-10T09:00:00Z; \
                one of 2 series in the incident.",
                      "score": "4.50",
                      "contribution": "0.750",
                      "incident": "17",
                      "incident_url": "https://telltale.example.com/api/v1/incidents/17",
                      "feedback_url": "https://telltale.example.com/api/v1/anomalies?detector=disks\
                &start=2026-03-10T09:00:00Z&end=2026-03-10T09:00:50Z"
                    },
                    "startsAt": "2026-03-10T09:00:00Z",
                    "endsAt": "2026-03-10T09:09:00Z",
                    "generatorURL": "https://telltale.example.com/api/v1/incidents/17"
                  }
                ]""");
        JsonNode alerts = new JsonMapper().readTree(outgoing.body());
        assertThat(alerts).hasSize(2);
        assertThat(alerts.get(0)).isEqualTo(expected.get(0));
        assertThat(alerts.at("/1/labels/host").asString()).isEqualTo("b");
    }

    @Test
    void whatLastsEndsInTheFutureAndWhatIsOverInThePast() {
        assertThat(endsAt(Occasion.CHANGED, START.plusSeconds(50))).isEqualTo(NOW.plus(Duration.ofMinutes(4)));
        assertThat(endsAt(Occasion.ENDED, START.plusSeconds(50))).isEqualTo(START.plusSeconds(50));
        assertThat(endsAt(Occasion.ENDED, NOW.plusSeconds(50)))
                .as("not later than now")
                .isEqualTo(NOW);
        assertThat(endsAt(Occasion.ENDED, START)).as("later than the start").isAfter(START);
    }

    private Instant endsAt(Occasion occasion, Instant end) {
        JsonNode alerts = new JsonMapper().readTree(request(occasion, end).body());
        return Instant.parse(alerts.at("/0/endsAt").asString());
    }

    private Outgoing request(Occasion occasion, Instant end) {
        AlertGroup group = new AlertGroup(
                17,
                "disks",
                START.toEpochMilli(),
                end.toEpochMilli(),
                START.toEpochMilli(),
                4.5,
                2,
                2,
                List.of(
                        new Alert(5, "disk_writes", Map.of("host", "a"), 4.5, 0.75),
                        new Alert(6, "disk_writes", Map.of("host", "b"), 1.5, 0.25)));
        Message message = new Message(1, "event-7", new ReceiverName("am"), occasion, START, group, 0, Instant.EPOCH);
        Receiver.Alertmanager receiver = new Receiver.Alertmanager(
                ReceiverUrl.parse("http://am.example.com:9093/prefix/"), Duration.ofMinutes(1));
        return notifier.request(receiver, message, NOW);
    }
}
