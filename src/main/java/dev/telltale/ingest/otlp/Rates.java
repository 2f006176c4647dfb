package dev.telltale.ingest.otlp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Remembers the last points of streams that count up, so that the next one tells a rate.
///
/// Of each stream it keeps the four points that came last, with what they told: a point that comes again tells
/// the same again, and one that comes late is held beside the one before it in time. What a request added is
/// kept only once its samples are stored, so a request that failed tells the same when it is sent again.
/// Streams that were silent longest are forgotten when memory ends; they begin anew, as all do after a restart.
final class Rates {

    private static final int REMEMBERED = 4;
    private static final int BYTES_OF_A_STREAM = 160;
    private static final int BYTES_OF_A_POINT = 88;

    private final long limit;
    private final Map<StreamId, List<Remembered>> streams = new LinkedHashMap<>(16, 0.75f, true);
    private final ReentrantLock lock = new ReentrantLock();
    private long bytes;

    private record Remembered(Counted point, Told told) {

        boolean isOfTheTimeOf(Counted other) {
            return point.start() == other.start() && point.time() == other.time();
        }

        int bytes() {
            return BYTES_OF_A_POINT + point.bytes();
        }
    }

    /// What a point told.
    sealed interface Told {

        record Rate(Readings readings) implements Told {}

        /// Nothing: it is the first of its stream, or counting began anew.
        record Nothing() implements Told {}

        /// Nothing: another value came for the same time.
        record Contradiction() implements Told {}
    }

    /// @param limit bytes of heap, about
    Rates(long limit) {
        this.limit = limit;
    }

    /// The points of one request.
    Pass pass() {
        return new Pass();
    }

    /// Streams that are remembered.
    int streams() {
        lock.lock();
        try {
            return streams.size();
        } finally {
            lock.unlock();
        }
    }

    /// One request: sees what is remembered and its own points, and adds them at its end.
    final class Pass {

        private final Map<StreamId, List<Remembered>> seen = new HashMap<>();
        private final List<Map.Entry<StreamId, Remembered>> added = new ArrayList<>();

        private Pass() {}

        /// What a point tells beside those before it.
        Told tell(StreamId stream, Counted point) {
            List<Remembered> last = seen.computeIfAbsent(stream, Rates.this::remembered);
            for (Remembered one : last) {
                if (one.isOfTheTimeOf(point)) {
                    return one.point.says(point) ? one.told : new Told.Contradiction();
                }
            }
            Told told = before(last, point)
                    .flatMap(point::since)
                    .<Told>map(Told.Rate::new)
                    .orElseGet(Told.Nothing::new);
            Remembered now = new Remembered(point, told);
            last.add(now);
            if (last.size() > REMEMBERED) {
                last.removeFirst();
            }
            added.add(Map.entry(stream, now));
            return told;
        }

        /// Remembers the points, now that what they told is stored.
        void keep() {
            lock.lock();
            try {
                added.forEach(one -> remember(one.getKey(), one.getValue()));
            } finally {
                lock.unlock();
            }
        }
    }

    /// The latest point before this one that counts from the same start.
    private static Optional<Counted> before(List<Remembered> points, Counted point) {
        return points.stream()
                .map(Remembered::point)
                .filter(one -> one.start() == point.start() && Times.isBefore(one.time(), point.time()))
                .max(Comparator.comparing(Counted::time, Long::compareUnsigned));
    }

    private List<Remembered> remembered(StreamId stream) {
        lock.lock();
        try {
            return new ArrayList<>(streams.getOrDefault(stream, List.of()));
        } finally {
            lock.unlock();
        }
    }

    private void remember(StreamId stream, Remembered point) {
        List<Remembered> points = streams.get(stream);
        if (points == null) {
            points = new ArrayList<>(REMEMBERED);
            streams.put(stream, points);
            bytes += BYTES_OF_A_STREAM;
        }
        if (points.stream().anyMatch(one -> one.isOfTheTimeOf(point.point))) {
            return; // the same request came twice at once
        }
        points.add(point);
        bytes += point.bytes();
        if (points.size() > REMEMBERED) {
            bytes -= points.removeFirst().bytes();
        }
        Iterator<List<Remembered>> silent = streams.values().iterator();
        while (bytes > limit && silent.hasNext()) {
            bytes -= BYTES_OF_A_STREAM
                    + silent.next().stream().mapToInt(Remembered::bytes).sum();
            silent.remove();
        }
    }
}
