package dev.telltale.live;

import dev.telltale.series.Samples;
import dev.telltale.signal.Grid;
import java.util.Arrays;

/// The newest rows of one watched series: of each the last sample, which is all that a verdict takes.
final class RecentRows {

    /// What a sample changed.
    enum Arrival {
        /// A row after all others.
        NEW_ROW,
        /// The newest row has another value now.
        SAME_ROW,
        /// A row before the newest has, or is there now.
        LATE,
        /// Nothing.
        KNOWN,
    }

    private static final int SPARE = 4;

    private final Grid grid;
    private final int kept;
    private long[] times = new long[0];
    private double[] values = new double[0];
    private int count;

    /// @param kept rows before the newest that are needed
    RecentRows(Grid grid, int kept) {
        this.grid = grid;
        this.kept = kept;
    }

    Arrival put(long time, double value) {
        long row = grid.rowAt(time);
        if (count == 0 || row > grid.rowAt(times[count - 1])) {
            append(row, time, value);
            return Arrival.NEW_ROW;
        }
        int index = firstAtOrAfter(row);
        boolean newest = index == count - 1;
        if (grid.rowAt(times[index]) != row) {
            if (index > 0) {
                insert(index, time, value);
            }
            return Arrival.LATE; // before all rows that are kept, or between two of them
        }
        boolean counts = time > times[index] || (time == times[index] && value != values[index]);
        if (!counts) {
            return Arrival.KNOWN;
        }
        times[index] = time;
        values[index] = value;
        return newest ? Arrival.SAME_ROW : Arrival.LATE;
    }

    /// Time of the newest sample, `Long.MIN_VALUE` if there is none.
    long newest() {
        return count == 0 ? Long.MIN_VALUE : times[count - 1];
    }

    Samples samples() {
        return new Samples(Arrays.copyOf(times, count), Arrays.copyOf(values, count));
    }

    private void append(long row, long time, double value) {
        if (count == times.length) {
            int stale = firstAtOrAfter(row - kept);
            System.arraycopy(times, stale, times, 0, count - stale);
            System.arraycopy(values, stale, values, 0, count - stale);
            count -= stale;
        }
        grow();
        times[count] = time;
        values[count] = value;
        count++;
    }

    private void insert(int index, long time, double value) {
        grow();
        System.arraycopy(times, index, times, index + 1, count - index);
        System.arraycopy(values, index, values, index + 1, count - index);
        times[index] = time;
        values[index] = value;
        count++;
    }

    /// A series that has just begun takes little, one in full swing no more than it needs.
    private void grow() {
        if (count == times.length) {
            int capacity = Math.max(count + 1, Math.min(2 * count + SPARE, kept + 1 + SPARE));
            times = Arrays.copyOf(times, capacity);
            values = Arrays.copyOf(values, capacity);
        }
    }

    private int firstAtOrAfter(long row) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (grid.rowAt(times[middle]) < row) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
