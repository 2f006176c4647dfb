package dev.telltale.alerts.webhook;

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
import dev.telltale.alerts.Secret;
import dev.telltale.http.Json;
import dev.telltale.http.PublicUrl;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WebhookNotifierTest {

    private static final Instant BEGAN = Instant.parse("2026-03-10T09:01:00Z");
    private static final Instant SENT = Instant.parse("2026-03-10T09:05:00Z");
    private static final String KEY = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final WebhookNotifier notifier =
            new WebhookNotifier(new Json(), new IncidentLinks(new PublicUrl("https://telltale.example.com")));

    @Test
    void writesACloudEvent() {
        Outgoing outgoing = request("whsec_" + KEY, Occasion.BEGAN, SENT);
        assertThat(outgoing.uri()).hasToString("https://hooks.example.com/a?b=c");
        assertThat(outgoing.contentType()).isEqualTo("application/cloudevents+json; charset=UTF-8");
        JsonNode expected = new JsonMapper().readTree("""
                {
                  "specversion": "1.0",
                  "id": "event-7",
                  "source": "https://telltale.example.com",
                  "type": "dev.telltale.incident.began",
                  "subject": "incidents/17",
                  "time": "2026-03-10T09:01:00Z",
                  "datacontenttype": "application/json",
                  "data": {
                    "incident": "17",
                    "detector": "disks",
                    "open": true,
                    "start": "2026-03-10T09:00:00Z",
                    "end": "2026-03-10T09:00:50Z",
                    "peak": {"time": "2026-03-10T09:00:30Z", "score": 4.5},
                    "anomalies": 2,
                    "seriesInvolved": 3,
                    "series": [
                      {"id": "5", "name": "disk_writes", "labels": {"host": "ü"}, "peakScore": 4.5, "contribution": 0.75}
                    ],
                    "url": "https://telltale.example.com/api/v1/incidents/17",
                    "anomaliesUrl": "https://telltale.example.com/api/v1/anomalies?detector=disks\
                &start=2026-03-10T09:00:00Z&end=2026-03-10T09:00:50Z"
                  }
                }""");
        assertThat(new JsonMapper().readTree(outgoing.body())).isEqualTo(expected);
    }

    @Test
    void saysWhatHappened() {
        for (Occasion occasion : Occasion.values()) {
            JsonNode event = new JsonMapper()
                    .readTree(request("whsec_" + KEY, occasion, SENT).body());
            assertThat(event.get("type").asString())
                    .isEqualTo("dev.telltale.incident." + occasion.name().toLowerCase(java.util.Locale.ROOT));
            assertThat(event.at("/data/open").asBoolean()).isEqualTo(occasion != Occasion.ENDED);
        }
    }

    @Test
    void signsNameTimeAndBody() throws Exception {
        Outgoing outgoing = request("whsec_" + KEY, Occasion.BEGAN, SENT);
        assertThat(outgoing.headers())
                .containsEntry("webhook-id", "event-7")
                .containsEntry("webhook-timestamp", "1773133500");
        assertThat(outgoing.headers().get("webhook-signature"))
                .isEqualTo("v1," + hmac(Base64.getDecoder().decode(KEY), outgoing));
    }

    @Test
    void aSecretWithoutPrefixIsTheKeyItself() throws Exception {
        Outgoing outgoing = request("correct-horse-battery", Occasion.BEGAN, SENT);
        assertThat(outgoing.headers().get("webhook-signature"))
                .isEqualTo("v1," + hmac("correct-horse-battery".getBytes(StandardCharsets.US_ASCII), outgoing));
    }

    @Test
    void aRetryHasTheSameNameAndBodyAndASignatureOfItsOwnTime() {
        Outgoing first = request("whsec_" + KEY, Occasion.BEGAN, SENT);
        Outgoing again = request("whsec_" + KEY, Occasion.BEGAN, SENT.plusSeconds(60));
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().get("webhook-id")).isEqualTo(first.headers().get("webhook-id"));
        assertThat(again.headers().get("webhook-signature"))
                .isNotEqualTo(first.headers().get("webhook-signature"));
    }

    private Outgoing request(String secret, Occasion occasion, Instant now) {
        AlertGroup group = new AlertGroup(
                17,
                "disks",
                Instant.parse("2026-03-10T09:00:00Z").toEpochMilli(),
                Instant.parse("2026-03-10T09:00:50Z").toEpochMilli(),
                Instant.parse("2026-03-10T09:00:30Z").toEpochMilli(),
                4.5,
                2,
                3,
                List.of(new Alert(5, "disk_writes", Map.of("host", "ü"), 4.5, 0.75)));
        Message message = new Message(1, "event-7", new ReceiverName("hook"), occasion, BEGAN, group, 0, Instant.EPOCH);
        Receiver.Webhook receiver = new Receiver.Webhook(
                ReceiverUrl.parse("https://hooks.example.com/a?b=c"), new Secret(secret), Duration.ofHours(1));
        return notifier.request(receiver, message, now);
    }

    private static String hmac(byte[] key, Outgoing outgoing) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        mac.update("event-7.1773133500.".getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(mac.doFinal(outgoing.body()));
    }
}
