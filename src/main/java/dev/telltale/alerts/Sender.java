package dev.telltale.alerts;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the messages of one receiver in their order: the next one goes when the one before was taken or given up.
final class Sender {

    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

    private final ReceiverName name;
    private final ReceiverTable receivers;
    private final Outbox outbox;
    private final Wording wording;
    private final Function<Outgoing, Courier.Outcome> courier;
    private final AlertsMeters meters;
    private final InstantSource clock;
    private final BackOff backOff;
    private final Duration giveUpAfter;
    private boolean failing;

    Sender(
            ReceiverName name,
            ReceiverTable receivers,
            Outbox outbox,
            Wording wording,
            Function<Outgoing, Courier.Outcome> courier,
            AlertsMeters meters,
            InstantSource clock,
            BackOff backOff,
            Duration giveUpAfter) {
        this.name = name;
        this.receivers = receivers;
        this.outbox = outbox;
        this.wording = wording;
        this.courier = courier;
        this.meters = meters;
        this.clock = clock;
        this.backOff = backOff;
        this.giveUpAfter = giveUpAfter;
    }

    /// Makes one step: sends or gives up the first message if it is time.
    ///
    /// @return how long until the next step; empty if nothing waits
    Optional<Duration> turn() {
        Optional<Message> head = outbox.head(name);
        Optional<StoredReceiver> receiver = receivers.find(name);
        if (head.isEmpty() || receiver.isEmpty()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Message message = head.get();
        if (!now.isBefore(message.time().plus(giveUpAfter))) {
            outbox.expired(message, now).ifPresent(this::dropped);
            return Optional.of(Duration.ZERO);
        }
        if (now.isBefore(message.notBefore())) {
            return Optional.of(Duration.between(now, message.notBefore()));
        }
        return Optional.of(send(receiver.get().receiver(), message, now));
    }

    private Duration send(Receiver receiver, Message message, Instant now) {
        Courier.Outcome outcome = courier.apply(wording.request(receiver, message, now));
        if (Thread.currentThread().isInterrupted()) {
            // The service stops; whatever became of it is asked again with the same name after the start.
            return Duration.ZERO;
        }
        Instant then = clock.instant();
        return switch (outcome) {
            case Courier.Outcome.Taken() -> {
                outbox.delivered(message, then);
                meters.sent(receiver);
                recovered();
                yield Duration.ZERO;
            }
            case Courier.Outcome.Failed(String cause, Optional<Duration> wish) -> {
                Duration wait = backOff.after(message.attempts() + 1, wish);
                outbox.failed(message, cause, then, then.plus(wait));
                meters.failed(receiver);
                failed(cause);
                yield wait;
            }
            case Courier.Outcome.Refused(String cause) -> {
                meters.failed(receiver);
                failed(cause);
                outbox.refused(message, cause, then).ifPresent(this::dropped);
                yield Duration.ZERO;
            }
        };
    }

    private void failed(String cause) {
        if (!failing) {
            LOG.warn("Receiver {} does not take alerts: {}", name, cause);
        }
        failing = true;
    }

    private void recovered() {
        if (failing) {
            LOG.info("Receiver {} takes alerts again", name);
        }
        failing = false;
    }

    private void dropped(Drop drop) {
        meters.dropped(drop);
        LOG.warn(
                "Receiver {} was not told of incident {} ({}), given up: {}",
                name,
                drop.incident(),
                drop.occasion(),
                drop.reason());
    }
}
