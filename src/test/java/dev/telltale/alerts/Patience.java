package dev.telltale.alerts;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// Waits for what other threads and processes do.
final class Patience {

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private Patience() {}

    /// Returns once it is so.
    ///
    /// @param what for the message of the failure if it never is
    static void until(String what, Callable<Boolean> condition) throws Exception {
        Instant end = Instant.now().plus(LONGEST);
        while (!condition.call()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("within " + LONGEST + " it did not come to this: " + what);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
