package dev.telltale.ingest.remotewrite;

import java.util.Arrays;

/// The labels of a series as they came, one name or value behind the other, each after its length. Owns its
/// array.
final class LabelBytes implements Comparable<LabelBytes> {

    private final byte[] bytes;
    private final int hash;

    LabelBytes(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelBytes that && hash == that.hash && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /// An order, so that a map finds keys fast also where somebody made their hashes equal.
    @Override
    public int compareTo(LabelBytes other) {
        return Arrays.compare(bytes, other.bytes);
    }
}
