package dev.telltale.alerts;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Ends the waiting of one thread early. A call that comes while it works ends its next waiting at once.
final class Wakeup {

    private final Semaphore calls = new Semaphore(0);

    void call() {
        calls.release();
    }

    void await(Duration time) throws InterruptedException {
        if (calls.tryAcquire(Math.max(1, time.toMillis()), TimeUnit.MILLISECONDS)) {
            calls.drainPermits();
        }
    }
}
