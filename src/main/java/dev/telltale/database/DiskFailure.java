package dev.telltale.database;

import dev.telltale.problem.Problem;
import java.time.Duration;

/// What to tell a caller when the disk of the data directory does not take what is written to it.
final class DiskFailure {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private DiskFailure() {}

    /// There was no room for his data.
    static Problem full() {
        return DatabaseProblem.STORAGE_FULL.because(
                "the disk of the data directory is full; nothing of this request was stored; free some space");
    }

    /// The disk fails.
    static Problem unavailable() {
        return DatabaseProblem.STORE_UNAVAILABLE
                .because("the data directory cannot be read or written now; nothing of this request was acknowledged;"
                        + " the log has the cause")
                .retryAfter(RETRY_AFTER);
    }
}
