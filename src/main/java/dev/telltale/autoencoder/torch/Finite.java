package dev.telltale.autoencoder.torch;

/// Whether floats are numbers.
final class Finite {

    private Finite() {}

    static boolean all(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
