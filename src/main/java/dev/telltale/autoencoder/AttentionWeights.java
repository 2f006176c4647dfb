package dev.telltale.autoencoder;

/// How much each row of one window looked at each other row, in every head of every encoder layer: rows of
/// shares that sum to 1. Owns its array.
public final class AttentionWeights {

    private final int layers;
    private final int heads;
    private final int length;
    private final float[] values;

    AttentionWeights(int layers, int heads, int length) {
        this.layers = layers;
        this.heads = heads;
        this.length = length;
        this.values = new float[Math.multiplyExact(Math.multiplyExact(layers * heads, length), length)];
    }

    public int layers() {
        return layers;
    }

    public int heads() {
        return heads;
    }

    /// L.
    public int length() {
        return length;
    }

    /// The share that a row takes of another's value.
    ///
    /// @param row that looks, from 0 to L − 1
    /// @param other that is looked at
    public float share(int layer, int head, int row, int other) {
        return values[((layer * heads + head) * length + row) * length + other];
    }

    void share(int layer, int head, int row, int other, float share) {
        values[((layer * heads + head) * length + row) * length + other] = share;
    }
}
