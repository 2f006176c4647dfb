package dev.telltale.series;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that looks four times a second at what other processes have written.
final class PartitionWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionWatch.class);
    private static final long INTERVAL_MILLIS = 250;

    private final Runnable look;
    private final Thread thread;
    private boolean closed; // guarded by this

    PartitionWatch(Runnable look) {
        this.look = look;
        this.thread = Thread.ofPlatform().name("series-partitions").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean failed = false;
        do {
            try {
                look.run();
                failed = false;
            } catch (RuntimeException | OutOfMemoryError e) {
                // While the database is gone each look fails; whoever asks for samples hears so.
                if (!failed) {
                    LOG.warn("What other processes wrote cannot be read now", e);
                }
                failed = true;
            }
        } while (goesOn());
    }

    private synchronized boolean goesOn() {
        long end = System.nanoTime() + INTERVAL_MILLIS * 1_000_000;
        try {
            for (long left = INTERVAL_MILLIS; !closed && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
        return !closed;
    }
}
