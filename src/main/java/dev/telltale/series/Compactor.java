package dev.telltale.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves samples from heads to chunks in the background, and has the rows of the log deleted that are not
/// needed any more. A head moves when it fills a chunk; when all heads or the log grow too large, those move
/// that hold on to the older half of the log, so that little chunks are rare.
final class Compactor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
    private static final long LINGER_MILLIS = 2_000;
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 2_000;

    private final SampleLog log;
    private final HeadMemory memory;
    private final long mostLogBytes;
    private final Thread thread;
    private volatile boolean closed;

    Compactor(SampleLog log, HeadMemory memory, long mostLogBytes) {
        this.log = log;
        this.memory = memory;
        this.mostLogBytes = mostLogBytes;
        thread = Thread.ofPlatform().name("series-compactor").unstarted(this::compact);
    }

    void start() {
        thread.start();
    }

    /// Moves all samples to chunks now.
    void moveAll() {
        moveThose(series -> true);
        log.trim();
    }

    @Override
    public void close() {
        closed = true;
        memory.close();
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
                    log.trim();
                }
                if (!closed && isTooLarge()) {
                    moveThose(log.olderHalf());
                    log.trim();
                }
            } catch (RuntimeException | OutOfMemoryError e) {
                // Senders wait for this thread once heads are large, so it must live.
                LOG.error("Samples could not be moved to chunks; they stay in the journal", e);
                awaitWork(PAUSE_AFTER_FAILURE_MILLIS);
            }
        }
    }

    private boolean isTooLarge() {
        return memory.isShort() || log.bytes() > mostLogBytes;
    }

    private void moveFull() {
        List<StoredSeries> group = new ArrayList<>();
        while (!closed) {
            Optional<StoredSeries> full = memory.takeFull();
            full.ifPresent(group::add);
            if (group.size() == HeadMemory.HEADS_AT_ONCE || full.isEmpty()) {
                moveTogether(group);
                group.clear();
            }
            if (full.isEmpty()) {
                return;
            }
        }
    }

    private void moveThose(Predicate<StoredSeries> chosen) {
        List<StoredSeries> group = new ArrayList<>();
        for (StoredSeries series : log.tended()) {
            if (closed) {
                return;
            }
            if (chosen.test(series)) {
                group.add(series);
            }
            if (group.size() == HeadMemory.HEADS_AT_ONCE) {
                moveTogether(group);
                group.clear();
            }
        }
        moveTogether(group);
    }

    private void moveTogether(List<StoredSeries> group) {
        try (HeldSeries held = HeldSeries.free(group)) {
            log.move(held.series());
        }
        memory.tellOfRoom();
    }

    private void awaitWork(long millis) {
        try {
            memory.awaitWork(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the compactor", e);
        }
    }
}
