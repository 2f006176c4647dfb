package dev.telltale.models;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Lets the slow work of one key wait for itself and for no other key. Who had to wait finds what the one
/// before has left, and looks for it before working again.
final class KeyedLocks<K> {

    private final ConcurrentMap<K, ReentrantLock> locks = new ConcurrentHashMap<>();

    <T> T locked(K key, Supplier<T> work) {
        ReentrantLock lock = locks.computeIfAbsent(key, _ -> new ReentrantLock());
        lock.lock();
        try {
            return work.get();
        } finally {
            // Whoever waits keeps it; whoever comes later starts with a new one and what was left here.
            locks.remove(key, lock);
            lock.unlock();
        }
    }
}
