package dev.telltale.alerts;

import java.time.Instant;

/// Something to tell a receiver, as it stands in the outbox.
///
/// @param id its place in the queue
/// @param event names it at the receiver; the same in each attempt
/// @param time when it was put there
/// @param attempts that failed so far
/// @param notBefore the next attempt
public record Message(
        long id,
        String event,
        ReceiverName receiver,
        Occasion occasion,
        Instant time,
        AlertGroup group,
        int attempts,
        Instant notBefore) {}
