package dev.telltale.signal;

/// Windows of scaled values as a network takes and gives them, shape (N, L, C). Owns its array.
public final class Windows {

    private final float[] values;
    private final int length;
    private final int channels;

    /// @param values row-major (N, L, C), finite
    /// @param length L, at least 1
    /// @param channels C, at least 1
    public Windows(float[] values, int length, int channels) {
        if (length < 1 || channels < 1 || values.length % (length * channels) != 0) {
            throw new IllegalArgumentException(
                    values.length + " values do not fill windows of " + length + " rows and " + channels + " channels");
        }
        this.values = values;
        this.length = length;
        this.channels = channels;
    }

    /// N.
    public int count() {
        return values.length / width();
    }

    /// L.
    public int length() {
        return length;
    }

    /// C.
    public int channels() {
        return channels;
    }

    /// L·C, the values of one window.
    public int width() {
        return length * channels;
    }

    public float[] values() {
        return values;
    }
}
