package dev.telltale.signal;

import java.util.Arrays;
import java.util.stream.IntStream;

/// How a frame is cut into windows. A window is named by the position of its last row, the one that is
/// judged by it.
///
/// @param length rows in one window, from 1 (every row by itself) to 10,000
/// @param stride rows from the start of one window to the start of the next, at least 1
public record Windowing(int length, int stride) {

    public static final Windowing DEFAULT = new Windowing(32, 1);
    public static final int LONGEST = 10_000;

    public Windowing {
        if (length < 1 || length > LONGEST) {
            throw SignalProblem.BAD_WINDOW.because("length must be from 1 to %d rows, was %d", LONGEST, length);
        }
        if (stride < 1 || stride > LONGEST) {
            throw SignalProblem.BAD_WINDOW.because("stride must be from 1 to %d rows, was %d", LONGEST, stride);
        }
    }

    /// Windows that `rows` consecutive rows hold; rows that do not fill a window are left out.
    public int count(int rows) {
        return rows < length ? 0 : (rows - length) / stride + 1;
    }

    /// Windows of the same length that end in each row: how rows are scored, whatever the training left out.
    public Windowing everyRow() {
        return new Windowing(length, 1);
    }

    /// Last rows of all windows of a frame, ascending. None spans a split, the stride counts from each
    /// split anew, rows whose history is missing are left out, and so are windows that end in a filled row:
    /// there is no sample to judge.
    public int[] lastRows(Frame frame) {
        int[] lastRows = new int[frame.rows()];
        int count = 0;
        int start = frame.history();
        for (int row = 0; row < frame.rows(); row++) {
            if (row > 0 && !frame.unbroken(row - 1, row)) {
                start = row + frame.history();
            }
            int firstRow = row - length + 1;
            if (firstRow >= start && (firstRow - start) % stride == 0 && !frame.filled(row)) {
                lastRows[count++] = row;
            }
        }
        return Arrays.copyOf(lastRows, count);
    }

    /// Those windows in which no row is marked, such as windows without an annotated row.
    ///
    /// @param lastRows last rows of windows that fit the frame
    /// @param marked one entry for each row of the frame
    public int[] avoiding(boolean[] marked, int[] lastRows) {
        return chosen(marked, lastRows, false);
    }

    /// Those windows in which a row is marked: the others.
    public int[] meeting(boolean[] marked, int[] lastRows) {
        return chosen(marked, lastRows, true);
    }

    private int[] chosen(boolean[] marked, int[] lastRows, boolean meeting) {
        int[] before = new int[marked.length + 1];
        for (int row = 0; row < marked.length; row++) {
            before[row + 1] = before[row] + (marked[row] ? 1 : 0);
        }
        return IntStream.of(lastRows)
                .filter(last -> before[last + 1] > before[last - length + 1] == meeting)
                .toArray();
    }

    /// Scaled windows, shape (to − from, L, C), in the order of their last rows.
    ///
    /// @param lastRows last rows of windows that fit the frame, of which those from `from` to before `to` are cut
    /// @throws ArithmeticException if they do not fit one array: cut fewer at once
    public Windows cut(Frame frame, Scaling scaling, int[] lastRows, int from, int to) {
        int channels = frame.channels();
        int width = Math.multiplyExact(length, channels);
        float[] values = new float[Math.multiplyExact(to - from, width)];
        for (int i = from; i < to; i++) {
            int start = (i - from) * width;
            // Neighbours share rows, which are scaled once.
            int moved = i == from ? length : lastRows[i] - lastRows[i - 1];
            int fresh = moved > 0 && moved < length ? moved : length;
            int kept = length - fresh;
            System.arraycopy(values, start - kept * channels, values, start, kept * channels);
            int at = start + kept * channels;
            for (int row = lastRows[i] - fresh + 1; row <= lastRows[i]; row++) {
                for (int c = 0; c < channels; c++) {
                    values[at++] = (float) scaling.scale(c, frame.value(row, c));
                }
            }
        }
        return new Windows(values, length, channels);
    }
}
