package dev.telltale.series;

import java.util.concurrent.locks.ReentrantLock;

/// A series in memory: what is known of it and the samples that are not in chunks yet. Who changes its
/// samples holds `lock`; who holds several took them in the order of their ids. What other processes changed is taken
/// over by whoever hears of it.
final class StoredSeries {

    private final ReentrantLock lock = new ReentrantLock();
    private final Head head;
    private final int partition;
    private volatile Series series;
    private volatile boolean deleted;
    private volatile boolean waitsForCompaction;

    /// One that has no samples.
    StoredSeries(Series series) {
        this(series, 0);
    }

    /// One that has no samples.
    ///
    /// @param partition of the store in which it lies
    StoredSeries(Series series, int partition) {
        this(series, partition, 0, Long.MIN_VALUE);
    }

    /// One whose samples are in chunks as far as is known yet.
    ///
    /// @param partition of the store in which it lies
    /// @param compacted sequence of the last row of the log whose samples of the series are in chunks
    /// @param newestInChunks time of the newest of them, `Long.MIN_VALUE` if there is none
    StoredSeries(Series series, int partition, long compacted, long newestInChunks) {
        this.series = series;
        this.partition = partition;
        this.head = new Head(compacted, newestInChunks);
    }

    long id() {
        return series.id();
    }

    Series series() {
        return series;
    }

    void describe(Series description) {
        series = description;
    }

    int partition() {
        return partition;
    }

    Head head() {
        return head;
    }

    ReentrantLock lock() {
        return lock;
    }

    boolean isDeleted() {
        return deleted;
    }

    /// @throws dev.telltale.problem.Problem if it was deleted
    void requirePresent() {
        if (deleted) {
            throw SeriesProblem.SERIES_NOT_FOUND.because(
                    "no series has the id %d; it may have been deleted", series.id());
        }
    }

    void delete() {
        deleted = true;
    }

    boolean waitsForCompaction() {
        return waitsForCompaction;
    }

    void waitsForCompaction(boolean waits) {
        waitsForCompaction = waits;
    }
}
