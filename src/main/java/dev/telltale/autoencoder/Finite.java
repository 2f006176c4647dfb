package dev.telltale.autoencoder;

/// Whether floats are numbers.
public final class Finite {

    private Finite() {}

    public static boolean all(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
