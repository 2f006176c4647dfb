package dev.telltale.live;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes the scores of detectors that were deleted, in the background.
final class ScoreDeletion {

    private static final Logger LOG = LoggerFactory.getLogger(ScoreDeletion.class);
    private static final int AT_ONCE = 100;

    private final Supplies supplies;
    private final ReentrantLock asking;
    private final Executor background;

    /// @param asking held by who changes a detector in this process
    /// @param background runs one thing after the other, none on the caller's thread
    ScoreDeletion(Supplies supplies, ReentrantLock asking, Executor background) {
        this.supplies = supplies;
        this.asking = asking;
        this.background = background;
    }

    /// Begins to delete series of scores.
    void of(Collection<Long> scores) {
        Deque<Long> left = new ArrayDeque<>(scores);
        background.execute(() -> delete(left));
    }

    /// Some at a time, so that others can be made meanwhile; also one of this name, which may find scores that are
    /// still there and keeps them. Those that cannot be deleted now are tried again in a moment, after the others.
    private void delete(Deque<Long> left) {
        boolean isBusy = false;
        asking.lock();
        try {
            Deque<Long> some = new ArrayDeque<>();
            while (some.size() < AT_ONCE && !left.isEmpty()) {
                some.addLast(left.removeFirst());
            }
            isBusy = !isDone(some);
            left.addAll(some);
        } finally {
            asking.unlock();
        }
        if (!left.isEmpty()) {
            Runnable rest = () -> delete(left);
            if (isBusy) {
                supplies.later().execute(() -> background.execute(rest));
            } else {
                background.execute(rest);
            }
        }
    }

    /// @param some keeps those that are to be deleted still
    private boolean isDone(Deque<Long> some) {
        try {
            Set<Long> unused = new HashSet<>(supplies.watches().unused(some));
            some.removeIf(id -> !unused.contains(id));
            while (!some.isEmpty()) {
                if (!supplies.store().deleteIfFree(some.getFirst())) {
                    return false; // nobody who changes a detector shall wait for more than one
                }
                some.removeFirst();
            }
            return true;
        } catch (RuntimeException e) {
            LOG.debug("Scores cannot be deleted yet", e);
            return false;
        }
    }
}
