package dev.telltale.alerts;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// What a receiver knows of an incident.
///
/// @param group the incident as it is now
/// @param open whether it lasts
/// @param fresh whether it changed since the receiver was told
/// @param told when that was; empty if never
/// @param leftOut the series that were silenced then
/// @param queued whether something of it still waits to be sent
record Firing(
        ReceiverName receiver,
        AlertGroup group,
        boolean open,
        boolean fresh,
        Optional<Instant> told,
        Set<Long> leftOut,
        boolean queued) {

    Firing {
        leftOut = Set.copyOf(leftOut);
    }
}
