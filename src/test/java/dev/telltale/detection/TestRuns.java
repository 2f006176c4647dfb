package dev.telltale.detection;

import dev.telltale.signal.Frame;
import dev.telltale.signal.Frames;
import java.util.function.IntPredicate;

/// Rows for tests, with and without splits between them.
final class TestRuns {

    /// Longer than a gap that is filled.
    private static final int GAP = 10;

    private TestRuns() {}

    static Runs unbroken(int rows) {
        return split(rows, _ -> false);
    }

    /// @param before whether there is a split before a row
    static Runs split(int rows, IntPredicate before) {
        long[] times = new long[rows];
        for (int row = 1; row < rows; row++) {
            times[row] = times[row - 1] + (before.test(row) ? GAP : 1);
        }
        Frame frame = Frames.at(times);
        return Runs.among(frame, Frames.allRows(frame));
    }
}
