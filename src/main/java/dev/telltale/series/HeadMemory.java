package dev.telltale.series;

import dev.telltale.database.DatabaseProblem;
import dev.telltale.problem.Problem;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// How many samples all heads hold, and which heads are full: it wakes who moves them to chunks, and keeps
/// senders waiting while there are far too many.
final class HeadMemory {

    /// So many heads are worth moving together.
    static final int HEADS_AT_ONCE = 128;

    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final long mostSamples;
    private final Patience patience;
    private final AtomicLong samples = new AtomicLong();
    private final ConcurrentLinkedQueue<StoredSeries> full = new ConcurrentLinkedQueue<>();
    private final AtomicLong fullCount = new AtomicLong();
    private final Semaphore work = new Semaphore(0);
    private final Object room = new Object();
    private volatile boolean closed;

    /// @param mostSamples to hold for long; at twice as many, senders wait
    HeadMemory(long mostSamples, Patience patience) {
        this.mostSamples = mostSamples;
        this.patience = patience;
    }

    /// Notes that a head has `more` samples more.
    void grew(StoredSeries series, int more) {
        long total = samples.addAndGet(more);
        if (series.head().count() >= Chunk.FULL && !series.waitsForCompaction()) {
            series.waitsForCompaction(true);
            full.add(series);
            if (fullCount.incrementAndGet() == HEADS_AT_ONCE) {
                work.release();
            }
        }
        if (total - more <= mostSamples && total > mostSamples) {
            work.release();
        }
    }

    /// Empties the head of a series that the caller holds.
    ///
    /// @param newestInChunks time of the newest sample that the series has now
    void empty(StoredSeries series, long newestInChunks) {
        samples.addAndGet(-series.head().count());
        series.head().moved(newestInChunks);
    }

    /// Empties the head of a series of which a row of the log says that all older samples are in chunks.
    ///
    /// @param newestInChunks time of the newest sample that the series has then
    void moved(StoredSeries series, long sequence, long newestInChunks) {
        samples.addAndGet(-series.head().count());
        series.head().moved(sequence, newestInChunks);
    }

    /// Whether there are more samples than are to be held for long.
    boolean isShort() {
        return samples.get() > mostSamples;
    }

    /// Keeps an appender waiting, before it holds anything, while heads are twice as large as they should be.
    ///
    /// @throws dev.telltale.problem.Problem if they stay so
    void awaitRoom() {
        if (samples.get() <= 2 * mostSamples) {
            return;
        }
        long end = patience.end();
        synchronized (room) {
            try {
                while (samples.get() > 2 * mostSamples && !closed) {
                    long left = end - System.nanoTime();
                    if (left <= 0) {
                        throw overloaded();
                    }
                    work.release();
                    TimeUnit.NANOSECONDS.timedWait(room, Math.min(left, LINGER_NANOS));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Lets those who wait for room look again.
    void tellOfRoom() {
        synchronized (room) {
            room.notifyAll();
        }
    }

    /// Takes a full head off the queue.
    Optional<StoredSeries> takeFull() {
        StoredSeries series = full.poll();
        if (series != null) {
            fullCount.decrementAndGet();
            series.waitsForCompaction(false);
        }
        return Optional.ofNullable(series);
    }

    /// Waits until many heads are full, there are too many samples or it is closed, and no longer than this.
    void awaitWork(long millis) throws InterruptedException {
        if (work.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            work.drainPermits();
        }
    }

    /// Ends all waiting.
    void close() {
        closed = true;
        work.release();
    }

    private Problem overloaded() {
        return DatabaseProblem.STORE_OVERLOADED
                .because(
                        "%d samples are in memory, which is more than may be, and have not been moved to disk for"
                                + " %d seconds; nothing was stored, send it again in a moment",
                        samples.get(), patience.longest().toSeconds())
                .retryAfter(patience.retryAfter());
    }
}
