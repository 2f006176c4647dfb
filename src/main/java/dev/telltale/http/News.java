package dev.telltale.http;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Tells those who wait that something stands otherwise than before. It does not say what: who hears of it looks.
public final class News {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition another = lock.newCondition();
    private long count;
    private boolean ended;

    /// How often there were news so far. Whoever looks after asking, and then waits for more, misses nothing.
    public long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    public void announce() {
        lock.lock();
        try {
            count++;
            another.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Nobody waits from now on; news may still be announced and counted.
    public void end() {
        lock.lock();
        try {
            ended = true;
            another.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Whether the caller shall not wait any more: the news have ended, or his thread was interrupted.
    public boolean isOver() {
        lock.lock();
        try {
            return ended || Thread.currentThread().isInterrupted();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there were news more than `seen` times, or the time has passed, or it is over.
    ///
    /// @return whether there were more
    public boolean awaitMoreThan(long seen, long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (count <= seen && !ended && left > 0) {
                left = another.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is over for this thread alone
        } finally {
            lock.unlock();
        }
        return count() > seen;
    }

    /// Lets the time pass whatever is announced, unless it is over.
    public void pause(long nanos) {
        awaitMoreThan(Long.MAX_VALUE, nanos);
    }
}
