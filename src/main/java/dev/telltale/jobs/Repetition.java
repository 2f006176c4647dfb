package dev.telltale.jobs;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something that is done again and again on a thread of its own, at once for the first time, until it is closed.
final class Repetition implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Repetition.class);
    /// With what is being done when it is closed.
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final String name;
    private final Duration pause;
    private final Runnable work;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /// @param pause from the end of one time to the beginning of the next
    Repetition(String name, Duration pause, Runnable work) {
        this.name = name;
        this.pause = pause;
        this.work = work;
        this.thread = Thread.ofVirtual().name("telltale-" + name).start(this::repeat);
    }

    /// Waits for what has begun. It is not interrupted, which would cut its connection to a database.
    @Override
    public void close() {
        closed.countDown();
        try {
            if (!thread.join(PATIENCE)) {
                LOG.warn("'{}' has not ended", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void repeat() {
        try {
            do {
                doOnce();
            } while (!closed.await(pause.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void doOnce() {
        try {
            work.run();
        } catch (RuntimeException | Error e) { // or there would be no next time
            LOG.error("'{}' failed; it is done again in {}", name, pause, e);
        }
    }
}
