package dev.telltale.alerts;

import java.time.Instant;

/// Puts messages into the words of one kind of receiver.
///
/// @param <R> the kind
@FunctionalInterface
public interface Notifier<R extends Receiver> {

    /// The request that tells the receiver.
    ///
    /// @param now when it is sent
    Outgoing request(R receiver, Message message, Instant now);
}
