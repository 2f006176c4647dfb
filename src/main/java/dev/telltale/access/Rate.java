package dev.telltale.access;

import java.time.Duration;

/// So many per second in the long run, and more at once after a time without any.
///
/// @param perSecond 0 limits nothing
/// @param burst at once, at least `perSecond`
record Rate(int perSecond, int burst) {

    boolean limits() {
        return perSecond > 0;
    }

    /// After which all of the burst is there again.
    Duration untilFull() {
        return Duration.ofSeconds(Math.max(1, Math.ceilDiv(burst, Math.max(1, perSecond))));
    }
}
