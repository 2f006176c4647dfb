package dev.telltale.series;

import java.util.Arrays;

/// Writes numbers of any width one after the other, most significant bit first.
final class BitWriter {

    private byte[] bytes;
    private long bitCount;

    BitWriter(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    /// Appends the lowest `width` bits of `value`.
    ///
    /// @param width 1 to 64
    void write(long value, int width) {
        int end = (int) ((bitCount + width + 7) >>> 3);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
        }
        int left = width;
        while (left > 0) {
            int index = (int) (bitCount >>> 3);
            int free = 8 - (int) (bitCount & 7);
            int taken = Math.min(free, left);
            long bits = (value >>> (left - taken)) & ((1L << taken) - 1);
            bytes[index] |= (byte) (bits << (free - taken));
            left -= taken;
            bitCount += taken;
        }
    }

    /// What was written, the last byte filled up with zeros, and room for `more` bytes after it.
    byte[] toBytes(int more) {
        return Arrays.copyOf(bytes, (int) ((bitCount + 7) >>> 3) + more);
    }
}
