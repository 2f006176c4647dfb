package dev.telltale.autoencoder;

import dev.telltale.signal.Windows;
import java.util.Arrays;
import java.util.List;

/// Windows with rows that a network shall not give back well: training pushes the error of these up until it lies
/// a margin beyond that of normal windows, and that of normal rows down as always. Owns its windows.
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
    private final List<Effect> effects;
    private final int[] raised;

    /// @param windows may be none
    /// @param effects one for each of the N·L rows
    public Contrast(Windows windows, List<Effect> effects) {
        if (effects.size() != windows.count() * windows.length()) {
            throw new IllegalArgumentException(
                    effects.size() + " effects for " + windows.count() + " windows of " + windows.length() + " rows");
        }
        this.windows = windows;
        this.effects = List.copyOf(effects);
        this.raised = new int[windows.count()];
        Arrays.setAll(raised, window -> {
            List<Effect> own = this.effects.subList(window * windows.length(), (window + 1) * windows.length());
            return (int) own.stream().filter(Effect.RAISE::equals).count();
        });
    }

    /// Nothing to be pushed away from.
    public static Contrast none(int length, int channels) {
        return new Contrast(new Windows(new float[0], length, channels), List.of());
    }

    public Windows windows() {
        return windows;
    }

    /// What becomes of a row's error.
    ///
    /// @param row from 0 to L − 1
    public Effect effect(int window, int row) {
        return effects.get(window * windows.length() + row);
    }

    /// How many rows of a window are raised.
    public int raised(int window) {
        return raised[window];
    }
}
