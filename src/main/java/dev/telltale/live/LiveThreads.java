package dev.telltale.live;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads of detectors: few that compute, one for what must not keep a sender waiting, one that knows the time.
final class LiveThreads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveThreads.class);
    private static final long MOMENT_SECONDS = 1;

    private final ExecutorService workers;
    private final ExecutorService background = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("live-background").factory());
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("live-clock").factory());

    LiveThreads(int workers) {
        this.workers = Executors.newFixedThreadPool(
                workers, Thread.ofPlatform().name("live-worker-", 0).factory());
    }

    Executor workers() {
        return work -> unlessClosed(() -> workers.execute(() -> run(work)));
    }

    /// Runs one thing after the other.
    Executor background() {
        return work -> unlessClosed(() -> background.execute(() -> run(work)));
    }

    /// Runs something after a moment.
    void later(Runnable work) {
        unlessClosed(() -> {
            Future<?> _ = clock.schedule(() -> run(work), MOMENT_SECONDS, TimeUnit.SECONDS);
        });
    }

    void everySecond(Runnable work) {
        Future<?> _ = clock.scheduleWithFixedDelay(() -> run(work), MOMENT_SECONDS, MOMENT_SECONDS, TimeUnit.SECONDS);
    }

    /// Returns when nothing runs any more.
    @Override
    public void close() {
        clock.shutdownNow();
        background.close();
        workers.close();
        clock.close();
    }

    private static void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) { // or the clock would tick no more
            LOG.error("Work of the detectors failed", e);
        }
    }

    /// What is asked for while the service stops is done after the next start.
    private static void unlessClosed(Runnable handOver) {
        try {
            handOver.run();
        } catch (RejectedExecutionException closed) {
            LOG.debug("The detectors have stopped");
        }
    }
}
