package dev.telltale.series;

import dev.telltale.database.Database;
import dev.telltale.database.DatabaseProblem;
import dev.telltale.problem.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves samples from heads to chunks in the background, and deletes the journal rows that are not
/// needed any more. A head moves when it fills a chunk; when all heads or the journal grow too large,
/// those move that hold on to the older half of the journal, so that little chunks are rare.
final class Compactor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
    private static final int SERIES_AT_ONCE = 128;
    private static final int JOURNAL_ROWS_AT_ONCE = 256;
    private static final long LINGER_MILLIS = 500;
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS);
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 2_000;

    private final Database database;
    private final Journal journal;
    private final Supplier<Collection<StoredSeries>> all;
    private final long mostHeadSamples;
    private final long mostJournalBytes;
    private final Patience patience;
    private final AtomicLong headSamples = new AtomicLong();
    private final ConcurrentLinkedQueue<StoredSeries> full = new ConcurrentLinkedQueue<>();
    private final AtomicLong fullCount = new AtomicLong();
    private final Semaphore work = new Semaphore(0);
    private final Object room = new Object();
    private final Thread thread;
    private volatile boolean closed;

    Compactor(
            Database database,
            Journal journal,
            Supplier<Collection<StoredSeries>> all,
            long mostHeadSamples,
            long mostJournalBytes,
            Patience patience) {
        this.database = database;
        this.journal = journal;
        this.all = all;
        this.mostHeadSamples = mostHeadSamples;
        this.mostJournalBytes = mostJournalBytes;
        this.patience = patience;
        thread = Thread.ofPlatform().name("series-compactor").unstarted(this::compact);
    }

    void start() {
        thread.start();
    }

    /// Notes that a head has `more` samples more.
    void grew(StoredSeries series, int more) {
        long total = headSamples.addAndGet(more);
        if (series.head().count() >= Chunk.FULL && !series.waitsForCompaction()) {
            series.waitsForCompaction(true);
            full.add(series);
            if (fullCount.incrementAndGet() == SERIES_AT_ONCE) {
                work.release();
            }
        }
        if (total - more <= mostHeadSamples && total > mostHeadSamples) {
            work.release();
        }
    }

    /// Keeps an appender waiting, before it holds anything, while heads are twice as large as they should be.
    ///
    /// @throws dev.telltale.problem.Problem if they stay so
    void awaitRoom() {
        if (headSamples.get() <= 2 * mostHeadSamples) {
            return;
        }
        long end = patience.end();
        synchronized (room) {
            try {
                while (headSamples.get() > 2 * mostHeadSamples && !closed) {
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

    private Problem overloaded() {
        return DatabaseProblem.STORE_OVERLOADED
                .because(
                        "%d samples are in memory, which is more than may be, and have not been moved to disk for"
                                + " %d seconds; nothing was stored, send it again in a moment",
                        headSamples.get(), patience.longest().toSeconds())
                .retryAfter(patience.retryAfter());
    }

    /// Moves the heads of these series, which the caller holds, to chunks.
    void move(List<StoredSeries> held) {
        List<StoredSeries> filled = held.stream()
                .filter(series -> !series.isDeleted() && series.head().count() > 0)
                .toList();
        if (filled.isEmpty()) {
            return;
        }
        List<ChunkChange> changes;
        try (ChunkSpool fresh = new ChunkSpool(database::temporaryFileFromReserve)) {
            changes = write(filled, fresh);
        }
        for (int i = 0; i < filled.size(); i++) {
            forget(filled.get(i), changes.get(i).newest());
        }
    }

    private List<ChunkChange> write(List<StoredSeries> filled, ChunkSpool fresh) {
        List<ChunkChange> changes = database.read(connection -> {
            try (ChunkTable chunks = new ChunkTable(connection)) {
                List<ChunkChange> planned = new ArrayList<>();
                for (StoredSeries series : filled) {
                    Head.View view = series.head().view(Long.MIN_VALUE, Long.MAX_VALUE);
                    ChunkChange change = new ChunkChange(series.id(), view.newestInChunks(), fresh);
                    change.add(chunks, view.samples());
                    change.finish();
                    planned.add(change);
                }
                return planned;
            }
        });
        database.writeFromReserve(connection -> {
            ChunkChange.apply(connection, changes, fresh);
            try (var compacted = connection.prepareStatement("UPDATE series SET compacted = ? WHERE id = ?")) {
                for (StoredSeries series : filled) {
                    compacted.setLong(1, series.head().latestSequence());
                    compacted.setLong(2, series.id());
                    compacted.executeUpdate();
                }
            }
            return true;
        });
        return changes;
    }

    /// Empties the head of a series that the caller holds.
    void forget(StoredSeries series, long newestInChunks) {
        headSamples.addAndGet(-series.head().count());
        series.head().moved(newestInChunks);
    }

    /// Moves all samples to chunks now.
    void moveAll() {
        moveThose(series -> true);
        trimJournal();
    }

    /// Deletes the journal rows whose samples are all in chunks.
    private void trimJournal() {
        long needed = journal.oldestUnderWay();
        for (StoredSeries series : all.get()) {
            needed = Math.min(needed, series.head().oldestSequence());
        }
        boolean done = false;
        while (!done) {
            done = journal.trim(needed, JOURNAL_ROWS_AT_ONCE);
        }
    }

    @Override
    public void close() {
        closed = true;
        work.release();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void compact() {
        while (!closed) {
            try {
                awaitWork(LINGER_MILLIS);
                moveFull();
                if (!closed && isTooLarge()) {
                    trimJournal();
                }
                if (!closed && isTooLarge()) {
                    moveOldest();
                    trimJournal();
                }
            } catch (RuntimeException | OutOfMemoryError e) {
                // Senders wait for this thread once heads are large, so it must live.
                LOG.error("Samples could not be moved to chunks; they stay in the journal", e);
                awaitWork(PAUSE_AFTER_FAILURE_MILLIS);
            }
        }
    }

    private void moveFull() {
        List<StoredSeries> group = new ArrayList<>();
        while (!closed) {
            StoredSeries series = full.poll();
            if (series != null) {
                fullCount.decrementAndGet();
                series.waitsForCompaction(false);
                group.add(series);
            }
            if (group.size() == SERIES_AT_ONCE || series == null) {
                moveTogether(group);
                group.clear();
            }
            if (series == null) {
                return;
            }
        }
    }

    /// Moves heads that hold on to the older half of the journal.
    private void moveOldest() {
        long oldest = Long.MAX_VALUE;
        for (StoredSeries series : all.get()) {
            oldest = Math.min(oldest, series.head().oldestSequence());
        }
        long next = journal.oldestUnderWay();
        long middle = oldest + Math.max(0, next - oldest) / 2;
        moveThose(series -> series.head().oldestSequence() <= middle);
    }

    private void moveThose(Predicate<StoredSeries> chosen) {
        List<StoredSeries> group = new ArrayList<>();
        for (StoredSeries series : all.get()) {
            if (closed) {
                return;
            }
            if (chosen.test(series)) {
                group.add(series);
            }
            if (group.size() == SERIES_AT_ONCE) {
                moveTogether(group);
                group.clear();
            }
        }
        moveTogether(group);
    }

    private void moveTogether(List<StoredSeries> group) {
        try (HeldSeries held = HeldSeries.free(group)) {
            move(held.series());
        }
        synchronized (room) {
            room.notifyAll();
        }
    }

    private boolean isTooLarge() {
        return headSamples.get() > mostHeadSamples || journal.bytes() > mostJournalBytes;
    }

    private void awaitWork(long millis) {
        try {
            if (work.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                work.drainPermits();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the compactor", e);
        }
    }
}
