package dev.telltale.series;

import dev.telltale.database.DatabaseProblem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Series whose samples nobody else changes until this is closed. They are taken in the order of their ids,
/// so that two who hold several never wait for each other.
final class HeldSeries implements AutoCloseable {

    private static final long A_MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final List<StoredSeries> series = new ArrayList<>();

    private HeldSeries() {}

    /// All of these, once they are free.
    ///
    /// @param wanted in the order of their ids
    /// @throws dev.telltale.problem.Problem if they are not free in time, or the caller is
    ///     interrupted meanwhile; then none is held
    static HeldSeries all(List<StoredSeries> wanted, Patience patience) {
        HeldSeries held = new HeldSeries();
        long end = patience.end();
        for (StoredSeries stored : wanted) {
            if (!held.take(stored, end)) {
                held.close();
                if (Thread.currentThread().isInterrupted()) {
                    throw DatabaseProblem.STORE_OVERLOADED
                            .because(
                                    "the wait for others who write to the series with the id %d was broken off;"
                                            + " nothing has changed, try again in a moment",
                                    stored.id())
                            .retryAfter(patience.retryAfter());
                }
                throw DatabaseProblem.STORE_OVERLOADED
                        .because(
                                "others have written to the series with the id %d for longer than %d seconds;"
                                        + " nothing has changed, try again in a moment",
                                stored.id(), patience.longest().toSeconds())
                        .retryAfter(patience.retryAfter());
            }
        }
        return held;
    }

    /// Those that are free within a moment. A long upload may hold others; who waited for it with some in hand
    /// would keep the senders of these waiting too.
    static HeldSeries free(Collection<StoredSeries> wanted) {
        List<StoredSeries> ordered = wanted.stream()
                .distinct()
                .sorted(Comparator.comparingLong(StoredSeries::id))
                .toList();
        HeldSeries held = new HeldSeries();
        long end = System.nanoTime() + A_MOMENT_NANOS;
        for (StoredSeries stored : ordered) {
            held.take(stored, end);
        }
        return held;
    }

    /// Takes one more, if it is free in time. An interrupted thread takes what is free, and waits for nothing.
    ///
    /// @return whether it is held now
    private boolean take(StoredSeries stored, long end) {
        boolean free = stored.lock().tryLock();
        try {
            free = free || stored.lock().tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (free) {
            series.add(stored);
        }
        return free;
    }

    /// In the order of their ids.
    List<StoredSeries> series() {
        return Collections.unmodifiableList(series);
    }

    @Override
    public void close() {
        series.forEach(stored -> stored.lock().unlock());
    }
}
