package dev.telltale.autoencoder;

import dev.telltale.signal.Windows;

/// Windows that a network shall not give back well: training pushes the error of their marked rows up until it
/// lies a margin beyond that of normal windows. Owns its arrays.
///
/// @see <a href="https://doi.org/10.1109/CVPR.2006.100">Hadsell, Chopra and LeCun (2006) on the margin</a>
public final class Contrast {

    private final Windows windows;
    private final boolean[] pushed;

    /// @param windows may be none
    /// @param pushed for each of the N·L rows whether its error is pushed up; in each window at least one
    public Contrast(Windows windows, boolean[] pushed) {
        if (pushed.length != windows.count() * windows.length()) {
            throw new IllegalArgumentException(
                    pushed.length + " marks for " + windows.count() + " windows of " + windows.length() + " rows");
        }
        this.windows = windows;
        this.pushed = pushed;
        for (int window = 0; window < windows.count(); window++) {
            if (pushedRows(window) == 0) {
                throw new IllegalArgumentException("no row of window " + window + " is marked");
            }
        }
    }

    /// Nothing to be pushed away from.
    public static Contrast none(int length, int channels) {
        return new Contrast(new Windows(new float[0], length, channels), new boolean[0]);
    }

    public Windows windows() {
        return windows;
    }

    /// Whether the error of a row is pushed up.
    ///
    /// @param row from 0 to L − 1
    public boolean pushed(int window, int row) {
        return pushed[window * windows.length() + row];
    }

    /// How many rows of a window are marked.
    public int pushedRows(int window) {
        int count = 0;
        for (int row = 0; row < windows.length(); row++) {
            count += pushed(window, row) ? 1 : 0;
        }
        return count;
    }
}
