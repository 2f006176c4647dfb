package dev.telltale.alerts;

import dev.telltale.http.EnumWords;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/// Counts what became of alerts.
final class AlertsMeters {

    private static final String UNIT = "messages";

    private final Map<ReceiverForm.Kind, Counter> sent = new EnumMap<>(ReceiverForm.Kind.class);
    private final Map<ReceiverForm.Kind, Counter> failed = new EnumMap<>(ReceiverForm.Kind.class);
    private final Map<Drop.Reason, Counter> dropped = new EnumMap<>(Drop.Reason.class);
    private final Counter unknown;
    private final Counter silenced;

    AlertsMeters(MeterRegistry registry, Outbox outbox) {
        for (ReceiverForm.Kind kind : ReceiverForm.Kind.values()) {
            sent.put(kind, byKind(registry, kind, "telltale.alerts.sent", "Messages that receivers took"));
            failed.put(
                    kind,
                    byKind(
                            registry,
                            kind,
                            "telltale.alerts.failed",
                            "Attempts to send a message that did not succeed"));
        }
        for (Drop.Reason reason : Drop.Reason.values()) {
            dropped.put(reason, dropped(registry, EnumWords.of(reason)));
        }
        unknown = dropped(registry, "unknown-receiver");
        silenced = Counter.builder("telltale.alerts.silenced")
                .description(
                        "Incidents that a receiver never heard of: silenced until they were over, or a false alarm")
                .baseUnit("incidents")
                .register(registry);
        Gauge.builder("telltale.alerts.queue", outbox, Outbox::waiting)
                .description("Messages that wait to be sent")
                .baseUnit(UNIT)
                .register(registry);
    }

    void sent(Receiver receiver) {
        get(sent, kind(receiver)).increment();
    }

    void failed(Receiver receiver) {
        get(failed, kind(receiver)).increment();
    }

    void dropped(Drop drop) {
        get(dropped, drop.reason()).increment();
    }

    void unknownReceiver() {
        unknown.increment();
    }

    void silenced() {
        silenced.increment();
    }

    private static ReceiverForm.Kind kind(Receiver receiver) {
        return switch (receiver) {
            case Receiver.Alertmanager ignored -> ReceiverForm.Kind.ALERTMANAGER;
            case Receiver.Webhook ignored -> ReceiverForm.Kind.WEBHOOK;
        };
    }

    private static <K extends Enum<K>> Counter get(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        if (counter == null) {
            throw new IllegalStateException("each of them has a counter, not " + key);
        }
        return counter;
    }

    private static Counter byKind(MeterRegistry registry, ReceiverForm.Kind kind, String name, String description) {
        return Counter.builder(name)
                .description(description)
                .baseUnit(UNIT)
                .tag("kind", EnumWords.of(kind))
                .register(registry);
    }

    private static Counter dropped(MeterRegistry registry, String reason) {
        return Counter.builder("telltale.alerts.dropped")
                .description("Messages that will never be sent, by the reason")
                .baseUnit(UNIT)
                .tag("reason", reason)
                .register(registry);
    }
}
