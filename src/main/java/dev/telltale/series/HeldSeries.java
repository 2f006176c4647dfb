package dev.telltale.series;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Series whose samples nobody else changes until this is closed. They are taken in the order of their ids,
/// so that two who hold several never wait for each other.
final class HeldSeries implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final List<StoredSeries> series = new ArrayList<>();

    private HeldSeries() {}

    /// All of these, once they are free.
    ///
    /// @param wanted in the order of their ids
    static HeldSeries all(List<StoredSeries> wanted) {
        HeldSeries held = new HeldSeries();
        for (StoredSeries stored : wanted) {
            stored.lock().lock();
            held.series.add(stored);
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
        long end = System.nanoTime() + PATIENCE_NANOS;
        try {
            for (StoredSeries stored : ordered) {
                if (stored.lock().tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    held.series.add(stored);
                }
            }
        } catch (InterruptedException hasToEnd) {
            Thread.currentThread().interrupt();
        }
        return held;
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
