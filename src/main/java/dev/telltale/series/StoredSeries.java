package dev.telltale.series;

import java.util.concurrent.locks.ReentrantLock;

/// A series in memory: what is known of it and the samples that are not in chunks yet. Who changes its
/// samples holds `lock`; who holds several took them in the order of their ids.
final class StoredSeries {

    private final ReentrantLock lock = new ReentrantLock();
    private final Head head;
    private volatile Series series;
    private volatile boolean deleted;
    private volatile boolean waitsForCompaction;

    /// One that has no samples.
    StoredSeries(Series series) {
        this(series, 0, Long.MIN_VALUE);
    }

    /// One whose samples are in chunks as far as is known yet.
    ///
    /// @param compacted sequence of the last row of the log whose samples of the series are in chunks
    /// @param newestInChunks time of the newest of them, `Long.MIN_VALUE` if there is none
    StoredSeries(Series series, long compacted, long newestInChunks) {
        this.series = series;
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

    Head head() {
        return head;
    }

    ReentrantLock lock() {
        return lock;
    }

    boolean isDeleted() {
        return deleted;
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
