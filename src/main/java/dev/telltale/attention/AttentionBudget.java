package dev.telltale.attention;

import dev.telltale.problem.Problem;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/// How large a transform may be, and the memory outside the heap that all of them share until their answers
/// are sent.
final class AttentionBudget {

    private static final long UNIT = 1024;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int maxRows;
    private final int units;
    private final Semaphore free;

    /// @param bytes at least 1,024
    AttentionBudget(int maxRows, long bytes) {
        this.maxRows = maxRows;
        this.units = Math.toIntExact(bytes / UNIT);
        this.free = new Semaphore(units);
    }

    /// Memory for one transform, until it is closed.
    interface Lease extends AutoCloseable {

        @Override
        void close();
    }

    /// @throws Problem ATTENTION_TOO_LARGE if there are more rows than the limit
    void checkRows(int rows) {
        if (rows > maxRows) {
            throw AttentionProblem.ATTENTION_TOO_LARGE.because(
                    "%d rows would attend to each other, at most %d may (telltale.attention.max-rows)", rows, maxRows);
        }
    }

    /// @throws Problem ATTENTION_TOO_LARGE if it would not fit even alone, ATTENTION_OVERLOADED if it does
    ///     not fit now
    Lease lease(AttentionInput input) {
        int needed = Math.toIntExact(Math.min(Integer.MAX_VALUE, Math.ceilDiv(input.bytes(), UNIT)));
        if (needed > units) {
            throw AttentionProblem.ATTENTION_TOO_LARGE
                    .because(
                            "%d rows in %d heads take %d MiB, at most %d MiB are there (telltale.attention.memory); use"
                                    + " fewer rows or heads",
                            input.x().rows(), input.heads(), mebibytes(input.bytes()), mebibytes(units * UNIT))
                    .with("neededBytes", input.bytes())
                    .with("allowedBytes", units * UNIT);
        }
        if (!free.tryAcquire(needed)) {
            throw AttentionProblem.ATTENTION_OVERLOADED
                    .because("other transforms take the memory that is there for them; try again shortly")
                    .retryAfter(RETRY_AFTER);
        }
        return () -> free.release(needed);
    }

    private static long mebibytes(long bytes) {
        return Math.ceilDiv(bytes, 1L << 20);
    }
}
