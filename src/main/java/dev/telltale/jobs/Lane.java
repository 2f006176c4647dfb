package dev.telltale.jobs;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Jobs of some kinds that run one at a time, on a platform thread of their own, whatever jobs of other
/// lanes do.
final class Lane {

    private final List<String> kinds;
    private final ExecutorService thread;

    Lane(String name, List<String> kinds) {
        this.kinds = List.copyOf(kinds);
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("telltale-" + name).factory());
    }

    List<String> kinds() {
        return kinds;
    }

    /// Does the work on the lane's thread and waits for it. An interruption is handed on to that thread.
    void run(Runnable work) {
        Future<?> done = thread.submit(work);
        try {
            done.get();
        } catch (InterruptedException e) {
            done.cancel(true);
            Thread.currentThread().interrupt();
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(failure);
            }
        }
    }

    /// Takes no more work in any of the lanes and waits for what runs there, at most this long in all.
    static void close(Collection<Lane> lanes, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        lanes.forEach(lane -> lane.thread.shutdown());
        try {
            for (Lane lane : lanes) {
                lane.thread.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
