package dev.telltale.signal;

import dev.telltale.series.Samples;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Several series aligned on one grid, shape (T, C). Only rows in which every channel has a value are kept;
/// where rows are missing between two kept ones the frame is split, and no window spans the split. Rows are
/// meant by position, from 0 to T − 1, unless grid rows are named.
public final class Frame {

    private final Grid grid;
    private final int channels;
    private final long[] gridRows;
    private final double[] values;
    private final boolean[] filled;
    private final int judged;
    private final int history;
    private final @Nullable Frame series;

    private Frame(
            Grid grid,
            int channels,
            long[] gridRows,
            double[] values,
            boolean[] filled,
            int judged,
            int history,
            @Nullable Frame series) {
        this.grid = grid;
        this.judged = judged;
        this.history = history;
        this.series = series;
        this.channels = channels;
        this.gridRows = gridRows;
        this.values = values;
        this.filled = filled;
    }

    /// The series on one grid. A row takes the last sample of its interval; a gap is filled only where the
    /// sample after it is known, so that no row depends on where a range ends between two rows.
    ///
    /// @param series one or more, each a channel
    /// @throws dev.telltale.problem.Problem TOO_MANY_ROWS if the values do not fit one array
    public static Frame align(List<Samples> series, Grid grid, GapPolicy gaps) {
        if (series.isEmpty()) {
            throw new IllegalArgumentException("a frame needs a channel");
        }
        List<Column> columns =
                series.stream().map(samples -> Column.of(samples, grid, gaps)).toList();
        int channels = columns.size();
        int most = columns.stream().mapToInt(Column::count).min().orElseThrow();
        if ((long) most * channels > Integer.MAX_VALUE - 8) {
            throw SignalProblem.TOO_MANY_ROWS.because(
                    "%d rows of %d series are more than fit into memory; choose a shorter range or a longer interval",
                    most, channels);
        }
        long[] gridRows = new long[most];
        double[] values = new double[most * channels];
        boolean[] filled = new boolean[most];
        int[] at = new int[channels];
        int rows = 0;
        while (meet(columns, at)) {
            gridRows[rows] = columns.getFirst().row(at[0]);
            filled[rows] = true;
            for (int c = 0; c < channels; c++) {
                Column column = columns.get(c);
                values[rows * channels + c] = column.value(at[c]);
                filled[rows] &= !column.sampled(at[c]);
                at[c]++;
            }
            rows++;
        }
        return new Frame(
                grid,
                channels,
                Arrays.copyOf(gridRows, rows),
                Arrays.copyOf(values, rows * channels),
                Arrays.copyOf(filled, rows),
                channels,
                0,
                null);
    }

    /// The same rows with other channels.
    Frame with(double[] otherValues, int otherChannels, int otherJudged, int otherHistory) {
        return new Frame(grid, otherChannels, gridRows, otherValues, filled, otherJudged, otherHistory, this);
    }

    /// Moves each column on to the next row that all of them have; false when there is none.
    private static boolean meet(List<Column> columns, int[] at) {
        int agreed = 0;
        long row = Long.MIN_VALUE;
        for (int c = 0; agreed < columns.size(); c = (c + 1) % columns.size()) {
            Column column = columns.get(c);
            while (at[c] < column.count() && column.row(at[c]) < row) {
                at[c]++;
            }
            if (at[c] == column.count()) {
                return false;
            }
            agreed = column.row(at[c]) == row ? agreed + 1 : 1;
            row = column.row(at[c]);
        }
        return true;
    }

    public Grid grid() {
        return grid;
    }

    /// T.
    public int rows() {
        return gridRows.length;
    }

    /// C.
    public int channels() {
        return channels;
    }

    /// How many channels a row is judged by, the first ones; the others only tell the network when it is.
    public int judged() {
        return judged;
    }

    /// Rows at the beginning of each unbroken stretch that lie in no window, since derived channels depend on rows
    /// before them.
    public int history() {
        return history;
    }

    /// The same rows without derived channels.
    public Frame series() {
        return series == null ? this : series;
    }

    long gridRow(int row) {
        return gridRows[row];
    }

    /// Time of a row, epoch milliseconds UTC.
    public long time(int row) {
        return grid.timeOf(gridRows[row]);
    }

    public double value(int row, int channel) {
        return values[row * channels + channel];
    }

    /// Whether no series has a sample in this row: all it holds was filled in, and nothing is judged by it.
    public boolean filled(int row) {
        return filled[row];
    }

    /// How many rows are samples of at least one series.
    public int sampledRows() {
        int count = 0;
        for (boolean gap : filled) {
            count += gap ? 0 : 1;
        }
        return count;
    }

    /// Whether the rows from one to another follow each other on the grid, without a split.
    public boolean unbroken(int first, int last) {
        return gridRows[last] - gridRows[first] == last - first;
    }

    /// How many unbroken stretches the frame consists of.
    public int segments() {
        int count = rows() == 0 ? 0 : 1;
        for (int row = 1; row < rows(); row++) {
            count += unbroken(row - 1, row) ? 0 : 1;
        }
        return count;
    }
}
