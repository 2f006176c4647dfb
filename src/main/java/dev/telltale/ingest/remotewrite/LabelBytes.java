package dev.telltale.ingest.remotewrite;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The labels of a series as they came, one name or value behind the other, each after its length. A map is
/// asked with labels that lie in a reader's buffer, and keeps a copy.
final class LabelBytes implements Comparable<LabelBytes> {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private final byte[] bytes;
    private final int length;
    private final int hash;

    /// @param bytes the labels are the first `length` of them, and do not change while this is used
    LabelBytes(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
        this.hash = hash(bytes, length);
    }

    /// The same labels in an array of their own.
    LabelBytes copy() {
        return new LabelBytes(Arrays.copyOf(bytes, length), length);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelBytes that
                && hash == that.hash
                && Arrays.equals(bytes, 0, length, that.bytes, 0, that.length);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /// An order, so that a map finds keys fast also where somebody made their hashes equal.
    @Override
    public int compareTo(LabelBytes other) {
        return Arrays.compare(bytes, 0, length, other.bytes, 0, other.length);
    }

    private static int hash(byte[] bytes, int length) {
        long hash = length;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            hash = (hash ^ (long) LONG.get(bytes, at)) * MULTIPLIER;
            hash ^= hash >>> 32;
        }
        for (; at < length; at++) {
            hash = (hash ^ bytes[at]) * MULTIPLIER;
        }
        return (int) (hash ^ (hash >>> 32));
    }
}
