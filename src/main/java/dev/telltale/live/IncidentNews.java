package dev.telltale.live;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Wakes those who follow incidents when there may be news.
final class IncidentNews {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition another = lock.newCondition();
    private long count;
    private boolean over;

    /// How often there were news so far. Whoever looks at incidents after asking misses nothing.
    long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    void announce() {
        lock.lock();
        try {
            count++;
            another.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Nobody waits from now on.
    void end() {
        lock.lock();
        try {
            over = true;
            another.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    /// Waits, but not once nobody waits any more.
    void pause(long nanos) {
        awaitMoreThan(Long.MAX_VALUE, nanos);
    }

    /// Waits until there were news more than `seen` times, or the time has passed, or nobody waits any more.
    void awaitMoreThan(long seen, long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (count <= seen && !over && left > 0) {
                left = another.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            over = true;
        } finally {
            lock.unlock();
        }
    }
}
