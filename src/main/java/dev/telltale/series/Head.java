package dev.telltale.series;

import java.util.Arrays;

/// The samples of one series that are in the log but not yet in chunks. Changed only by who
/// holds the series, or takes over what other processes wrote; read by anybody.
final class Head {

    /// What a reader needs to know of a head at one moment.
    ///
    /// @param generation changes when samples move from the head to chunks, or old chunks are deleted; where the
    ///     log tells of that, the sequence of the row that did last
    /// @param newestInChunks time of the newest sample in chunks, `Long.MIN_VALUE` if there is none
    record View(long generation, long newestInChunks, Samples samples) {}

    private static final int FIRST_CAPACITY = 8;

    private long[] times = new long[0];
    private double[] values = new double[0];
    private int count;
    private long oldestSequence;
    private long latestSequence;
    private long newestInChunks;
    private long generation;

    /// An empty one.
    ///
    /// @param compacted sequence of the last row of the log whose samples of the series are in chunks
    /// @param newestInChunks time of the newest sample in chunks, `Long.MIN_VALUE` if there is none
    Head(long compacted, long newestInChunks) {
        this.latestSequence = compacted;
        this.generation = compacted;
        this.newestInChunks = newestInChunks;
    }

    /// Makes room, so that `put` needs no memory once the samples are on disk.
    synchronized void reserve(int more) {
        if (count + more > times.length) {
            int capacity = Math.max(Math.max(FIRST_CAPACITY, count + more), times.length + (times.length >> 1));
            times = Arrays.copyOf(times, capacity);
            values = Arrays.copyOf(values, capacity);
        }
    }

    /// Adds ascending samples of one row of the log; one whose time is there already replaces it.
    ///
    /// @return how many more samples the head has now
    synchronized int put(long sequence, long[] newTimes, double[] newValues, int from, int to) {
        int before = count;
        if (count == 0) {
            oldestSequence = sequence;
        }
        latestSequence = sequence;
        reserve(to - from);
        if (count == 0 || newTimes[from] > times[count - 1]) {
            System.arraycopy(newTimes, from, times, count, to - from);
            System.arraycopy(newValues, from, values, count, to - from);
            count += to - from;
        } else {
            for (int row = from; row < to; row++) {
                put(newTimes[row], newValues[row]);
            }
        }
        return count - before;
    }

    synchronized View view(long start, long end) {
        int from = place(start);
        int to = end == Long.MAX_VALUE ? count : place(end + 1);
        Samples samples = from >= to
                ? Samples.empty()
                : new Samples(Arrays.copyOfRange(times, from, to), Arrays.copyOfRange(values, from, to));
        return new View(generation, newestInChunks, samples);
    }

    /// All its samples.
    Samples all() {
        return view(Long.MIN_VALUE, Long.MAX_VALUE).samples();
    }

    /// The value at this time, NaN if there is none.
    synchronized double valueAt(long time) {
        int index = Arrays.binarySearch(times, 0, count, time);
        return index < 0 ? Double.NaN : values[index];
    }

    /// Time of the newest sample of the series, `Long.MIN_VALUE` if it has none.
    synchronized long newest() {
        return count == 0 ? newestInChunks : Math.max(newestInChunks, times[count - 1]);
    }

    synchronized long newestInChunks() {
        return newestInChunks;
    }

    synchronized long generation() {
        return generation;
    }

    /// Another text after each change of the samples: they come with a row of the log or change in the chunks.
    synchronized String version() {
        return latestSequence + "-" + generation;
    }

    synchronized int count() {
        return count;
    }

    /// Sequence of the oldest row of the log that has samples of this head, `Long.MAX_VALUE` if it is empty.
    synchronized long oldestSequence() {
        return count == 0 ? Long.MAX_VALUE : oldestSequence;
    }

    /// Sequence of the last row of the log that had samples of this series, be they here or in chunks by now.
    synchronized long latestSequence() {
        return latestSequence;
    }

    /// Empties the head after its samples were written to chunks, or after chunks changed beside it.
    synchronized void moved(long newest) {
        times = new long[0];
        values = new double[0];
        count = 0;
        newestInChunks = newest;
        generation++;
    }

    /// Empties the head since a row of the log says that all older samples are in chunks, which may have changed too.
    synchronized void moved(long sequence, long newest) {
        moved(newest);
        latestSequence = sequence;
        generation = sequence;
    }

    /// Notes that old chunks were deleted beside it.
    synchronized void expired() {
        generation++;
    }

    private void put(long time, double value) {
        int index = Arrays.binarySearch(times, 0, count, time);
        if (index >= 0) {
            values[index] = value;
            return;
        }
        int place = -index - 1;
        System.arraycopy(times, place, times, place + 1, count - place);
        System.arraycopy(values, place, values, place + 1, count - place);
        times[place] = time;
        values[place] = value;
        count++;
    }

    /// Index of the first sample at or after this time.
    private int place(long time) {
        int index = Arrays.binarySearch(times, 0, count, time);
        return index >= 0 ? index : -index - 1;
    }
}
