package dev.telltale.models;

import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.detection.ReconstructionErrors;
import dev.telltale.models.ModelSpecification.ErrorOf;
import dev.telltale.signal.Frame;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Windowing;
import dev.telltale.signal.Windows;

/// Sends windows of a frame through a network, few enough at once that memory stays bounded.
final class WindowErrors {

    private static final int VALUES_AT_ONCE = 1 << 18;

    /// Short windows are many for their values; a call of so many still lets other callers in soon.
    private static final int WINDOWS_AT_ONCE = 1 << 14;

    private WindowErrors() {}

    /// Hears of windows and their reconstruction, a chunk at a time.
    @FunctionalInterface
    interface Chunk {

        /// Is told of one chunk.
        ///
        /// @param from position in the last rows of the first window
        void judged(int from, Windows windows, Windows rebuilt, ReconstructionErrors errors);
    }

    /// @param lastRows positions in the frame of the windows' last rows
    static void forEachChunk(
            Reconstructor network, Frame frame, Scaling scaling, Windowing windowing, int[] lastRows, Chunk chunk) {
        int atOnce = Math.clamp(VALUES_AT_ONCE / (windowing.length() * frame.channels()), 1, WINDOWS_AT_ONCE);
        for (int from = 0; from < lastRows.length; from += atOnce) {
            int to = Math.min(lastRows.length, from + atOnce);
            Windows windows = windowing.cut(frame, scaling, lastRows, from, to);
            Windows rebuilt = network.reconstruct(windows);
            chunk.judged(from, windows, rebuilt, ReconstructionErrors.ofLastRows(windows, rebuilt, frame.judged()));
        }
    }

    /// The error of each of some rows that end a window.
    ///
    /// @param rows positions in the frame
    static ReconstructionErrors of(
            Reconstructor network, Frame frame, Scaling scaling, Windowing windowing, ErrorOf errorOf, int[] rows) {
        return switch (errorOf) {
            case LAST -> ofLastRows(network, frame, scaling, windowing, rows);
            case MEAN -> ofMeans(network, frame, scaling, windowing, rows);
        };
    }

    private static ReconstructionErrors ofLastRows(
            Reconstructor network, Frame frame, Scaling scaling, Windowing windowing, int[] lastRows) {
        double[] errors = new double[lastRows.length];
        forEachChunk(
                network,
                frame,
                scaling,
                windowing,
                lastRows,
                (from, windows, rebuilt, chunk) -> System.arraycopy(chunk.values(), 0, errors, from, chunk.count()));
        return new ReconstructionErrors(errors);
    }

    /// All windows that hold one of the rows are looked at, those of other parts too, as in scoring.
    private static ReconstructionErrors ofMeans(
            Reconstructor network, Frame frame, Scaling scaling, Windowing windowing, int[] rows) {
        boolean[] wanted = new boolean[frame.rows()];
        for (int row : rows) {
            wanted[row] = true;
        }
        Windowing every = windowing.everyRow();
        int[] lastRows = every.meeting(wanted, every.lastRows(frame));
        RowMeans means = RowMeans.of(frame);
        forEachChunk(network, frame, scaling, every, lastRows, (from, windows, rebuilt, chunk) -> {
            for (int i = 0; i < windows.count(); i++) {
                means.add(lastRows[from + i], windows, rebuilt, i);
            }
        });
        return means.errors(rows);
    }
}
