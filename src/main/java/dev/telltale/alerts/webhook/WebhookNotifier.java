package dev.telltale.alerts.webhook;

import dev.telltale.alerts.Alert;
import dev.telltale.alerts.AlertGroup;
import dev.telltale.alerts.IncidentLinks;
import dev.telltale.alerts.Message;
import dev.telltale.alerts.Notifier;
import dev.telltale.alerts.Occasion;
import dev.telltale.alerts.Outgoing;
import dev.telltale.alerts.Receiver;
import dev.telltale.alerts.Secret;
import dev.telltale.http.EnumWords;
import dev.telltale.http.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Speaks to a webhook: one CloudEvent for each incident and occasion, in JSON, signed as Standard Webhooks say.
///
/// @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">JSON event
///     format</a>
/// @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
///     Webhooks</a>
public final class WebhookNotifier implements Notifier<Receiver.Webhook> {

    private static final String SPECIFICATION = "1.0";
    private static final String CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8";

    private final Json json;
    private final IncidentLinks links;

    public WebhookNotifier(Json json, IncidentLinks links) {
        this.json = json;
        this.links = links;
    }

    /// A CloudEvent; its attributes are in lower case.
    private record Event(
            String specversion,
            String id,
            String source,
            String type,
            String subject,
            Instant time,
            String datacontenttype,
            Data data) {}

    /// An incident as it was at the time of the event.
    ///
    /// @param seriesInvolved how many, those included that are silenced or too many to be listed
    private record Data(
            String incident,
            String detector,
            boolean open,
            Instant start,
            Instant end,
            Peak peak,
            int anomalies,
            int seriesInvolved,
            List<Part> series,
            URI url,
            URI anomaliesUrl) {}

    private record Peak(Instant time, double score) {}

    private record Part(String id, String name, Map<String, String> labels, double peakScore, double contribution) {}

    @Override
    public Outgoing request(Receiver.Webhook receiver, Message message, Instant now) {
        byte[] body = json.write(event(message));
        String time = Long.toString(now.getEpochSecond());
        Map<String, String> headers = Map.of(
                "webhook-id",
                message.event(),
                "webhook-timestamp",
                time,
                "webhook-signature",
                "v1," + signature(receiver.secret(), message.event(), time, body));
        return new Outgoing(receiver.url().uri(), CONTENT_TYPE, headers, body);
    }

    private Event event(Message message) {
        AlertGroup group = message.group();
        return new Event(
                SPECIFICATION,
                message.event(),
                links.service().toString(),
                "dev.telltale.incident." + EnumWords.of(message.occasion()),
                "incidents/" + group.incident(),
                message.time(),
                "application/json",
                data(group, message.occasion() != Occasion.ENDED));
    }

    private Data data(AlertGroup group, boolean open) {
        return new Data(
                Long.toString(group.incident()),
                group.detector(),
                open,
                Instant.ofEpochMilli(group.start()),
                Instant.ofEpochMilli(group.end()),
                new Peak(Instant.ofEpochMilli(group.peakTime()), group.peakScore()),
                group.anomalies(),
                group.involved(),
                group.alerts().stream().map(WebhookNotifier::part).toList(),
                links.incident(group),
                links.anomalies(group));
    }

    private static Part part(Alert alert) {
        return new Part(
                Long.toString(alert.series()), alert.metric(), alert.labels(), alert.score(), alert.contribution());
    }

    /// Base64 of the HMAC over `id.timestamp.body`.
    private static String signature(Secret secret, String id, String time, byte[] body) {
        byte[] head = (id + "." + time + ".").getBytes(StandardCharsets.US_ASCII);
        byte[] signed = new byte[head.length + body.length];
        System.arraycopy(head, 0, signed, 0, head.length);
        System.arraycopy(body, 0, signed, head.length, body.length);
        return Base64.getEncoder().encodeToString(secret.sign(signed));
    }
}
