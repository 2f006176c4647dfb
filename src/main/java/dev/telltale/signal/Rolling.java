package dev.telltale.signal;

import java.util.Arrays;

/// Mean and deviation of the last rows at every row, in time that does not grow with how many these are. Each
/// follows from the rows it is of and their places on the grid alone, bit for bit, wherever the frame begins: a
/// window is the end of one block of as many rows, numbered from the grid's origin, and the beginning of the next.
///
/// @see <a href="https://doi.org/10.1016/0167-8655(92)90069-C">van Herk (1992) on such blocks</a>
/// @see <a href="https://doi.org/10.2307/2683386">Chan et al. (1983) on joining moments</a>
final class Rolling {

    /// Squares of larger values could overflow.
    private static final double LARGEST = 1e150;

    private final Frame frame;
    private final int channel;
    private final int window;

    /// Of the rows from the beginning of a row's block to the row, and from the row to the end of the block.
    private final double[] meanTo;

    private final double[] squaresTo;
    private final double[] meanFrom;
    private final double[] squaresFrom;

    Rolling(Frame frame, int channel, int window) {
        this.frame = frame;
        this.channel = channel;
        this.window = window;
        int rows = frame.rows();
        this.meanTo = new double[rows];
        this.squaresTo = new double[rows];
        this.meanFrom = new double[rows];
        this.squaresFrom = new double[rows];
        for (int row = 0; row < rows; row++) {
            boolean first = row == 0 || !sameBlock(row - 1, row);
            add(
                    meanTo,
                    squaresTo,
                    row,
                    first ? row : row - 1,
                    (int) Math.floorMod(frame.gridRow(row), (long) window) + 1);
        }
        for (int row = rows - 1; row >= 0; row--) {
            boolean last = row == rows - 1 || !sameBlock(row, row + 1);
            add(
                    meanFrom,
                    squaresFrom,
                    row,
                    last ? row : row + 1,
                    window - (int) Math.floorMod(frame.gridRow(row), (long) window));
        }
    }

    private boolean sameBlock(int row, int next) {
        return frame.unbroken(row, next)
                && Math.floorDiv(frame.gridRow(row), window) == Math.floorDiv(frame.gridRow(next), window);
    }

    /// Adds a row's value to the moments of its neighbour; a row that is its own neighbour begins them.
    ///
    /// @param count rows from the block's edge, where they are all there
    private void add(double[] means, double[] squares, int row, int neighbour, int count) {
        double value = Math.clamp(frame.value(row, channel), -LARGEST, LARGEST);
        if (row == neighbour) {
            means[row] = value;
            return;
        }
        double distance = value - means[neighbour];
        means[row] = means[neighbour] + distance / count;
        squares[row] = squares[neighbour] + distance * (value - means[row]);
    }

    double[] means() {
        return each(false);
    }

    double[] deviations() {
        return each(true);
    }

    private double[] each(boolean deviation) {
        double[] results = new double[frame.rows()];
        Arrays.fill(results, Double.NaN);
        for (int row = window - 1; row < results.length; row++) {
            int first = row - window + 1;
            if (frame.unbroken(first, row)) {
                results[row] = deviation ? Math.sqrt(squares(first, row) / window) : mean(first, row);
            }
        }
        return results;
    }

    /// Rows of a window that lie in the block of its last row.
    private int inLastBlock(int row) {
        return (int) Math.floorMod(frame.gridRow(row), (long) window) + 1;
    }

    private double mean(int first, int last) {
        int later = inLastBlock(last);
        return later == window
                ? meanTo[last]
                : meanFrom[first] + (meanTo[last] - meanFrom[first]) * ((double) later / window);
    }

    private double squares(int first, int last) {
        int later = inLastBlock(last);
        if (later == window) {
            return squaresTo[last];
        }
        double apart = meanTo[last] - meanFrom[first];
        return squaresFrom[first] + squaresTo[last] + apart * apart * later * (window - later) / window;
    }
}
