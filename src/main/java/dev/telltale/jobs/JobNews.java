package dev.telltale.jobs;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// News that some job stands otherwise than before, for those who wait for it.
final class JobNews {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition another = lock.newCondition();
    private long count;

    /// How many there were so far. Whoever looks at a job after asking misses nothing.
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

    /// Waits until there were more than `seen`; false if that did not happen in time.
    boolean awaitMoreThan(long seen, long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (count <= seen) {
                if (left <= 0) {
                    return false;
                }
                left = another.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
