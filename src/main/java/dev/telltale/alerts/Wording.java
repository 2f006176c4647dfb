package dev.telltale.alerts;

import java.time.Instant;

/// Who puts messages into the words of which receiver.
record Wording(Notifier<Receiver.Alertmanager> alertmanager, Notifier<Receiver.Webhook> webhook) {

    Outgoing request(Receiver receiver, Message message, Instant now) {
        return switch (receiver) {
            case Receiver.Alertmanager one -> alertmanager.request(one, message, now);
            case Receiver.Webhook one -> webhook.request(one, message, now);
        };
    }
}
