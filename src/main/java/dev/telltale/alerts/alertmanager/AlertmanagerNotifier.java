package dev.telltale.alerts.alertmanager;

import dev.telltale.alerts.Alert;
import dev.telltale.alerts.AlertGroup;
import dev.telltale.alerts.IncidentLinks;
import dev.telltale.alerts.Message;
import dev.telltale.alerts.Notifier;
import dev.telltale.alerts.Occasion;
import dev.telltale.alerts.Outgoing;
import dev.telltale.alerts.Receiver;
import dev.telltale.http.Json;
import dev.telltale.http.Times;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Speaks to a Prometheus Alertmanager by its API v2: one alert for each series of an incident. Labels name the
/// series, the same in each incident, so that Alertmanager groups, routes and silences by them; what changes from
/// incident to incident is an annotation.
///
/// @see <a href="https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml">API v2</a>
public final class AlertmanagerNotifier implements Notifier<Receiver.Alertmanager> {

    /// An alert that is not sent again for so many times `repeat` is over for Alertmanager, as with Prometheus.
    private static final int MISSES = 4;

    private final Json json;
    private final IncidentLinks links;

    public AlertmanagerNotifier(Json json, IncidentLinks links) {
        this.json = json;
        this.links = links;
    }

    /// An alert as Alertmanager takes it.
    private record PostableAlert(
            Map<String, String> labels,
            Map<String, String> annotations,
            String startsAt,
            String endsAt,
            String generatorURL) {}

    @Override
    public Outgoing request(Receiver.Alertmanager receiver, Message message, Instant now) {
        AlertGroup group = message.group();
        List<PostableAlert> alerts = group.alerts().stream()
                .map(alert -> new PostableAlert(
                        alert.labels(group.detector()),
                        annotations(group, alert),
                        Times.format(group.start()),
                        Times.format(endsAt(receiver, message, now)),
                        links.incident(group).toString()))
                .toList();
        String root = receiver.url().toString().replaceAll("/+$", "");
        return new Outgoing(URI.create(root + "/api/v2/alerts"), "application/json", Map.of(), json.write(alerts));
    }

    /// While it lasts, in the future, also where the message waited for long. An end must lie behind the start, and
    /// one in the future would not resolve the alert.
    private static long endsAt(Receiver.Alertmanager receiver, Message message, Instant now) {
        if (message.occasion() != Occasion.ENDED) {
            return now.plus(receiver.repeat().multipliedBy(MISSES)).toEpochMilli();
        }
        long over = Math.min(message.group().end(), now.toEpochMilli());
        return Math.max(over, message.group().start() + 1);
    }

    private Map<String, String> annotations(AlertGroup group, Alert alert) {
        Map<String, String> annotations = new LinkedHashMap<>();
        annotations.put("summary", "%s does not fit what %s learned".formatted(alert.metric(), group.detector()));
        annotations.put(
                "description",
                "%s scores up to %s, where 1 is the line, since %s; %s in the incident."
                        .formatted(
                                alert.metric(),
                                number(alert.score()),
                                Times.format(group.start()),
                                group.involved() == 1 ? "the only series" : "one of " + group.involved() + " series"));
        annotations.put("score", number(alert.score()));
        annotations.put("contribution", number(alert.contribution()));
        annotations.put("incident", Long.toString(group.incident()));
        annotations.put("incident_url", links.incident(group).toString());
        annotations.put("feedback_url", links.anomalies(group).toString());
        return annotations;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
