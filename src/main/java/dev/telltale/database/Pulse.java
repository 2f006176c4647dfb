package dev.telltale.database;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something that is done again and again, on a thread of its own, until it is closed: after a pause, or as soon as
/// somebody wakes it. Where it fails the log says so once, and it is done again after the same pause, or soon if
/// somebody had woken it.
public final class Pulse implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    /// For what is under way when it is closed.
    private static final Duration END = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final String name;
    private final Duration pause;
    private final Runnable work;
    private final boolean isAtOnce;
    private final Semaphore woken = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;

    /// @param pause before the first time, and between the end of one and the begin of the next
    public Pulse(String name, Duration pause, Runnable work) {
        this(name, pause, work, false);
    }

    private Pulse(String name, Duration pause, Runnable work, boolean isAtOnce) {
        this.name = name;
        this.pause = pause;
        this.work = work;
        this.isAtOnce = isAtOnce;
        // Of the operating system: a virtual one goes from carrier to carrier at each answer of a server.
        // Where there is little to do that costs more than the work.
        thread = Thread.ofPlatform().daemon().name("telltale-" + name).start(this::run);
    }

    /// The same, done for the first time without a pause before it.
    public static Pulse atOnce(String name, Duration pause, Runnable work) {
        return new Pulse(name, pause, work, true);
    }

    /// Has it done once more, soon.
    public void wake() {
        woken.release();
    }

    boolean isClosed() {
        return closed;
    }

    /// Waits for the end of what is under way. It is not interrupted, which would cut its connection.
    @Override
    public void close() {
        closed = true;
        wake();
        try {
            if (!thread.join(END)) {
                LOG.warn("'{}' has not ended", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean failed = isAtOnce && !succeeds(false);
        boolean isOwed = false; // whether somebody has woken it, and it has not been done since
        try {
            while (!closed) {
                Duration next = isOwed && pause.compareTo(SOON) > 0 ? SOON : pause;
                isOwed |= woken.tryAcquire(next.toMillis(), TimeUnit.MILLISECONDS);
                woken.drainPermits();
                failed = !closed && !succeeds(failed);
                isOwed &= failed;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean succeeds(boolean hasFailed) {
        try {
            work.run();
            if (hasFailed) {
                LOG.info("'{}' works again", name);
            }
            return true;
        } catch (RuntimeException | Error e) { // or it would not be done again
            if (!hasFailed) {
                LOG.warn("'{}' does not work and is tried again", name, e);
            }
            return false;
        }
    }
}
