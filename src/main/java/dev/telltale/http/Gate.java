package dev.telltale.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Lets so many requests be worked on at once, and a few more wait in the order in which they came. Who finds that many
/// there hears it at once: threads cost nothing here, so without a gate all callers would be served slower and slower,
/// and in the end none in time.
///
/// A long queue is for a burst. Where newcomers have to wait again and again it only makes everybody wait, and may
/// get shorter.
final class Gate {

    /// A caller who waited so long has often gone.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /// A burst is over by then, and where nobody had to wait for so long there is another one.
    private static final long BURST = Duration.ofMillis(500).toNanos();

    private final int atOnce;
    private final int mostWaiting;
    private final int mostWaitingLater;
    private final LongSupplier nanoTime;

    private final ReentrantLock lock = new ReentrantLock(); // guards what follows
    private final Queue<CountDownLatch> goingOn = new ArrayDeque<>();
    private final Queue<CountDownLatch> newcomers = new ArrayDeque<>();
    private long crowdedSince;
    private long lastCrowded;
    private int taken;

    /// @param atOnce requests that are worked on at once
    /// @param mostWaiting requests that may wait besides
    Gate(int atOnce, int mostWaiting) {
        this(atOnce, mostWaiting, mostWaiting, System::nanoTime);
    }

    /// @param mostWaiting requests of a burst that may wait besides
    /// @param mostWaitingLater requests that may when it lasts
    /// @param nanoTime as `System.nanoTime` tells it
    Gate(int atOnce, int mostWaiting, int mostWaitingLater, LongSupplier nanoTime) {
        this.atOnce = atOnce;
        this.mostWaiting = mostWaiting;
        this.mostWaitingLater = Math.min(mostWaiting, mostWaitingLater);
        this.nanoTime = nanoTime;
        this.lastCrowded = nanoTime.getAsLong();
        this.crowdedSince = lastCrowded;
    }

    /// A gate that is always open.
    static Gate open() {
        return new Gate(Integer.MAX_VALUE, 0);
    }

    /// A place of the caller's thread, which closes it; none if too many are there, or if those before were not done
    /// in time.
    Optional<Place> enter() {
        return acquire(true) ? Optional.of(new Place()) : Optional.empty();
    }

    /// Requests that are worked on now.
    int taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /// Requests that wait to be let in.
    int waiting() {
        lock.lock();
        try {
            return newcomers.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean acquire(boolean isNewcomer) {
        Queue<CountDownLatch> queue = isNewcomer ? newcomers : goingOn;
        CountDownLatch turn = new CountDownLatch(1);
        lock.lock();
        try {
            if (taken < atOnce) {
                taken++;
                return true;
            }
            if (isNewcomer && !mayWait()) {
                return false;
            }
            queue.add(turn);
        } finally {
            lock.unlock();
        }
        return await(turn, queue);
    }

    private boolean mayWait() {
        long now = nanoTime.getAsLong();
        if (now - lastCrowded > BURST) {
            crowdedSince = now;
        }
        lastCrowded = now;
        return newcomers.size() < (now - crowdedSince > BURST ? mostWaitingLater : mostWaiting);
    }

    private boolean await(CountDownLatch turn, Queue<CountDownLatch> queue) {
        try {
            if (turn.await(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            return !queue.remove(turn); // it has just been handed a place
        } finally {
            lock.unlock();
        }
    }

    /// Hands a place on: first to those who were let in before, so that what was begun ends.
    private void release() {
        lock.lock();
        try {
            CountDownLatch next = goingOn.isEmpty() ? newcomers.poll() : goingOn.poll();
            if (next == null) {
                taken--;
            } else {
                next.countDown();
            }
        } finally {
            lock.unlock();
        }
    }

    /// A request that was let in. It gives its place to others while it waits for its caller.
    final class Place implements AutoCloseable {

        private boolean isTaken = true;
        private boolean hasLeft;

        private Place() {}

        /// Begins to wait for the caller.
        void rest() {
            giveUp();
        }

        /// Goes on. Whatever those do who have the places meanwhile, it does so in the end: they may wait for
        /// something that this one has.
        void goOn() {
            if (!isTaken && !hasLeft) {
                isTaken = acquire(false);
            }
        }

        /// Gives the place up for good, since all that is left to do is to wait.
        void leave() {
            hasLeft = true;
            giveUp();
        }

        @Override
        public void close() {
            leave();
        }

        private void giveUp() {
            if (isTaken) {
                isTaken = false;
                release();
            }
        }
    }
}
