package dev.telltale.detection;

import dev.telltale.signal.Frame;
import java.util.ArrayList;
import java.util.List;

/// Finds runs of marked rows: rows that follow each other in time. Where a frame is split its rows stand side
/// by side in an array and are no neighbours; a row that was filled in and is not judged parts nothing.
public final class Runs {

    /// Rows that a split counts for, so that nothing reaches across.
    private static final long ACROSS = 2L * VolumeUnderSurface.LARGEST_WINDOW;

    private final long[] places;

    private Runs(long[] places) {
        this.places = places;
    }

    /// A run, by the numbers of its first and last row.
    record Run(int first, int last) {

        int rows() {
            return last - first + 1;
        }

        boolean holdsOneOf(boolean[] marked) {
            for (int row = first; row <= last; row++) {
                if (marked[row]) {
                    return true;
                }
            }
            return false;
        }
    }

    /// The runs that are possible among some rows of a frame.
    ///
    /// @param rows positions in the frame, ascending
    public static Runs among(Frame frame, int[] rows) {
        long[] places = new long[rows.length];
        for (int i = 1; i < rows.length; i++) {
            places[i] = places[i - 1] + (frame.unbroken(rows[i - 1], rows[i]) ? 1 : ACROSS);
        }
        return new Runs(places);
    }

    /// Whether so many verdicts or annotations belong to the rows.
    void requireRows(int count) {
        if (count != places.length) {
            throw new IllegalArgumentException("there are " + places.length + " rows, not " + count);
        }
    }

    /// The runs of marked rows, in order of time.
    ///
    /// @param marked one entry for each row
    List<Run> of(boolean[] marked) {
        requireRows(marked.length);
        List<Run> runs = new ArrayList<>();
        int first = 0;
        for (int row = 0; row < marked.length; row++) {
            if (!marked[row]) {
                first = row + 1;
            } else if (row == marked.length - 1 || !marked[row + 1] || distance(row, row + 1) > 1) {
                runs.add(new Run(first, row));
                first = row + 1;
            }
        }
        return runs;
    }

    /// Rows from one to a later one; more than any window where a split lies between.
    long distance(int row, int later) {
        return places[later] - places[row];
    }
}
