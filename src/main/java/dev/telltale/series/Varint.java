package dev.telltale.series;

import java.nio.ByteBuffer;

/// Whole numbers in as few bytes as they need, as in Protocol Buffers.
public final class Varint {

    public static final int MOST_BYTES = 10;

    private Varint() {}

    public static void write(ByteBuffer out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /// The number at the position.
    ///
    /// @throws java.nio.BufferUnderflowException if the bytes end too early
    /// @throws IllegalStateException if the number has more than 10 bytes
    public static long read(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte part = in.get();
            value |= (part & 0x7fL) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new IllegalStateException("a varint has more than 10 bytes");
    }

    /// Maps small numbers of either sign to small ones without.
    public static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    public static long unzigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }
}
