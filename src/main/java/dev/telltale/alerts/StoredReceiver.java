package dev.telltale.alerts;

import dev.telltale.http.EntityTag;
import java.time.Instant;
import java.util.Optional;

/// A receiver and how it goes with it.
///
/// @param revision of its settings
record StoredReceiver(ReceiverName name, long revision, Receiver receiver, Deliveries deliveries) {

    /// What became of messages.
    ///
    /// @param waiting messages in the queue
    /// @param dropped messages given up so far
    record Deliveries(
            long waiting,
            Optional<Instant> lastSuccess,
            Optional<Instant> lastFailure,
            Optional<String> failure,
            long dropped,
            Optional<Drop> lastDrop) {}

    /// The first part names the settings, the second the deliveries.
    EntityTag tag() {
        return EntityTag.of(
                settingsTag().value(), EntityTag.hashing(deliveries.toString()).value());
    }

    /// Names the settings alone: a message that was sent meanwhile is no reason to refuse a change.
    EntityTag settingsTag() {
        return new EntityTag(Long.toString(revision));
    }
}
