package dev.telltale.series;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// What the log of a partition told and listeners are to hear, from the moment on at which this process came to own it:
/// each row once, in the order of the log. Whoever reads rows puts it in, and others tell it: what listeners do with it
/// keeps no reader waiting.
final class PartitionNews {

    private final Audience audience;
    private final int mostSamples;
    /// Held by who tells, so that nothing is told out of order.
    private final ReentrantLock telling = new ReentrantLock();

    private final Deque<Item> waiting = new ArrayDeque<>(); // guarded by this
    private final Map<Long, TimeSpan> missed = new HashMap<>(); // samples that did not fit, by series; guarded by this
    private int samples; // that wait; guarded by this
    private long from = Long.MAX_VALUE; // sequence of the first row that is not put in yet; guarded by this
    private boolean open; // whether what waits may be told; guarded by this

    /// One thing that listeners hear.
    sealed interface Item {

        record Accepted(SampleBatch batch) implements Item {}

        record Ended(long seriesId, long time) implements Item {}

        record Changed(long seriesId, TimeSpan span) implements Item {}
    }

    /// @param mostSamples that wait, or one batch that is larger; of further ones listeners hear that they came
    PartitionNews(Audience audience, int mostSamples) {
        this.audience = audience;
        this.mostSamples = mostSamples;
    }

    /// Takes rows from this one on, which wait until it is opened.
    ///
    /// @param sequence of the row
    /// @param before what is to be told first
    synchronized void begin(long sequence, List<Item> before) {
        if (!hasBegun() && !audience.isEmpty()) {
            from = sequence;
            waiting.addAll(before);
        }
    }

    /// Lets what waits be told.
    synchronized void open() {
        open = true;
    }

    /// Tells nothing any more. Nobody is told anything once this has returned.
    void end() {
        forget();
        telling.lock(); // whoever tells finds nothing more
        try {
            forget();
        } finally {
            telling.unlock();
        }
    }

    private synchronized void forget() {
        from = Long.MAX_VALUE;
        open = false;
        waiting.clear();
        missed.clear();
        samples = 0;
    }

    /// Whether it wants this row.
    synchronized boolean wants(long sequence) {
        return sequence >= from;
    }

    /// Takes what a row says, once.
    ///
    /// @param sequence of the row
    synchronized void add(long sequence, List<Item> items) {
        if (sequence < from) {
            return; // it has ended meanwhile
        }
        items.forEach(this::put);
        from = sequence + 1;
    }

    /// Tells what waits, and returns when all that waited before the call was told.
    void tell() {
        if (!areWaiting() && !telling.isLocked()) {
            return;
        }
        telling.lock();
        try {
            for (Optional<Item> next = next(); next.isPresent(); next = next()) {
                tell(next.get());
            }
        } finally {
            telling.unlock();
        }
    }

    private void tell(Item item) {
        switch (item) {
            case Item.Accepted(SampleBatch batch) -> audience.accepted(batch);
            case Item.Ended(long seriesId, long time) -> audience.ended(seriesId, time);
            case Item.Changed(long seriesId, TimeSpan span) -> audience.changed(seriesId, span);
        }
    }

    /// Whether there is something to be told.
    synchronized boolean areWaiting() {
        return open && !(waiting.isEmpty() && missed.isEmpty());
    }

    private synchronized Optional<Item> next() {
        if (!open) {
            return Optional.empty();
        }
        Item next = waiting.poll();
        if (next instanceof Item.Accepted(SampleBatch batch)) {
            samples -= batch.count();
        }
        return next != null ? Optional.of(next) : nextMissed();
    }

    private Optional<Item> nextMissed() {
        Iterator<Map.Entry<Long, TimeSpan>> entries = missed.entrySet().iterator();
        if (!entries.hasNext()) {
            return Optional.empty();
        }
        Map.Entry<Long, TimeSpan> series = entries.next();
        entries.remove();
        return Optional.of(new Item.Changed(series.getKey(), series.getValue()));
    }

    private void put(Item item) {
        if (item instanceof Item.Accepted(SampleBatch batch)) {
            if (samples > 0 && samples + batch.count() > mostSamples) {
                for (int i = 0; i < batch.count(); i++) {
                    missed.merge(batch.seriesId(i), new TimeSpan(batch.time(i), batch.time(i)), TimeSpan::and);
                }
                return;
            }
            samples += batch.count();
        }
        waiting.add(item);
    }

    private boolean hasBegun() {
        return from < Long.MAX_VALUE;
    }
}
