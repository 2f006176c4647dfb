package dev.telltale.torch;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The few platform threads on which networks compute besides a training. Computing holds its thread until
/// it is done, so callers on virtual threads wait here; when the short queue is full they hear it at once.
public final class TorchExecutor implements AutoCloseable {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final ThreadPoolExecutor workers;

    /// @param workers threads, no more than the cores
    /// @param queueCapacity calls that may wait
    public TorchExecutor(int workers, int queueCapacity) {
        this.workers = new ThreadPoolExecutor(
                workers,
                workers,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queueCapacity),
                Thread.ofPlatform().name("torch-", 1).daemon().factory());
    }

    /// Does the work on one of the threads and waits for its answer, even when interrupted: what it
    /// uses must not be closed before it is done.
    ///
    /// @throws dev.telltale.problem.Problem if too many calls wait already
    public <T> T call(Supplier<T> work) {
        Future<T> answer;
        try {
            answer = workers.submit(work::get);
        } catch (RejectedExecutionException e) {
            if (workers.isShutdown()) {
                throw new IllegalStateException("the engine's threads are shut down", e);
            }
            throw TorchProblem.ENGINE_OVERLOADED
                    .because(
                            "%d calls wait for the engine already; try again shortly",
                            workers.getQueue().size())
                    .retryAfter(RETRY_AFTER);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw unchecked(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Calls that wait for a thread now.
    int waiting() {
        return workers.getQueue().size();
    }

    private static RuntimeException unchecked(ExecutionException failure) {
        switch (failure.getCause()) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
