package dev.telltale.autoencoder;

import dev.telltale.signal.Windows;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Windows with rows that a network shall not give back well: training pushes the error of these up until it lies
/// a margin beyond that of normal windows, and that of normal rows down as always. Owns its arrays.
///
/// @see <a href="https://doi.org/10.1109/CVPR.2006.100">Hadsell, Chopra and LeCun (2006) on the margin</a>
public final class Contrast {

    /// What becomes of a row's error.
    public enum Effect {
        /// It is pushed down.
        LOWER,
        /// It is pushed up to the margin.
        RAISE,
        /// Nothing.
        NONE
    }

    private final Windows windows;
    private final boolean[] anomalous;
    private final boolean lastOnly;
    private final int[] raised;

    /// @param windows may be none
    /// @param anomalous for each of the N·L rows whether it is; these are raised
    /// @param lastOnly whether windows judge their last rows alone: of the others nothing becomes then
    public Contrast(Windows windows, boolean[] anomalous, boolean lastOnly) {
        if (anomalous.length != windows.count() * windows.length()) {
            throw new IllegalArgumentException(
                    anomalous.length + " marks for " + windows.count() + " windows of " + windows.length() + " rows");
        }
        this.windows = windows;
        this.anomalous = anomalous;
        this.lastOnly = lastOnly;
        this.raised = new int[windows.count()];
        Arrays.setAll(raised, window -> (int) IntStream.range(0, windows.length())
                .filter(row -> effect(window, row) == Effect.RAISE)
                .count());
    }

    /// Nothing to be pushed away from.
    public static Contrast none(int length, int channels) {
        return new Contrast(new Windows(new float[0], length, channels), new boolean[0], true);
    }

    public Windows windows() {
        return windows;
    }

    /// What becomes of a row's error.
    ///
    /// @param row from 0 to L − 1
    public Effect effect(int window, int row) {
        if (!anomalous[window * windows.length() + row]) {
            return Effect.LOWER;
        }
        return lastOnly && row < windows.length() - 1 ? Effect.NONE : Effect.RAISE;
    }

    /// How many rows of a window are raised.
    public int raised(int window) {
        return raised[window];
    }
}
