package dev.telltale.models;

import dev.telltale.detection.ReconstructionErrors;
import dev.telltale.signal.Frame;
import dev.telltale.signal.Windows;

/// What the windows that hold a row say of it, averaged over those windows. A row at the edge of a frame, or
/// beside a split, is held by fewer.
final class RowMeans {

    private final int channels;
    private final int judged;
    private final double[] squares; // (T, C), sums over the windows
    private final double[] answers; // (T, C), likewise
    private final int[] windows; // (T)

    /// @param rows T, of the frame
    /// @param judged how many of the channels, the first ones, an error is the mean of
    RowMeans(int rows, int channels, int judged) {
        this.judged = judged;
        this.channels = channels;
        this.squares = new double[Math.multiplyExact(rows, channels)];
        this.answers = new double[squares.length];
        this.windows = new int[rows];
    }

    static RowMeans of(Frame frame) {
        return new RowMeans(frame.rows(), frame.channels(), frame.judged());
    }

    /// Bytes that the means of so many rows take.
    static long bytes(long rows, int channels) {
        return rows * (2L * channels * Double.BYTES + Integer.BYTES);
    }

    /// Adds what one window says of its rows.
    ///
    /// @param lastRow position in the frame of the window's last row
    /// @param window its number among the windows
    void add(int lastRow, Windows original, Windows rebuilt, int window) {
        int width = original.width();
        int to = (lastRow + 1 - original.length()) * channels;
        for (int from = window * width; from < (window + 1) * width; from++, to++) {
            double difference = (double) original.values()[from] - rebuilt.values()[from];
            squares[to] += difference * difference;
            answers[to] += rebuilt.values()[from];
        }
        for (int row = lastRow + 1 - original.length(); row <= lastRow; row++) {
            windows[row]++;
        }
    }

    /// Takes over what was said of a row in another frame.
    void copy(RowMeans other, int from, int to) {
        System.arraycopy(other.squares, from * channels, squares, to * channels, channels);
        System.arraycopy(other.answers, from * channels, answers, to * channels, channels);
        windows[to] = other.windows[from];
    }

    /// Whether any window holds the row.
    boolean has(int row) {
        return windows[row] > 0;
    }

    /// Mean squared difference over the windows and the channels; the largest number there is where the
    /// network's answer is none.
    double error(int row) {
        double sum = 0;
        for (int channel = 0; channel < judged; channel++) {
            sum += square(row, channel);
        }
        return Double.isFinite(sum) ? sum / judged : Double.MAX_VALUE;
    }

    /// Mean squared difference of one channel.
    double square(int row, int channel) {
        return squares[row * channels + channel] / windows[row];
    }

    /// Mean of the reconstructions of one channel, scaled.
    double answer(int row, int channel) {
        return answers[row * channels + channel] / windows[row];
    }

    /// The errors of some rows, all of which windows hold.
    ReconstructionErrors errors(int[] rows) {
        double[] errors = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            errors[i] = error(rows[i]);
        }
        return new ReconstructionErrors(errors);
    }
}
