package dev.telltale.series;

import java.time.Duration;

/// How long a sender waits for the store before he hears that it is overloaded: those who push give up after half a
/// minute or so, and had better hear when to come again.
///
/// @param longest for each thing that he waits for
/// @param retryAfter when sending again makes sense
record Patience(Duration longest, Duration retryAfter) {

    static final Patience OF_SENDERS = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(5));

    /// When it ends if it begins now, as `System.nanoTime` tells it.
    long end() {
        return System.nanoTime() + longest.toNanos();
    }
}
