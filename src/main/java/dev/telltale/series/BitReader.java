package dev.telltale.series;

/// Reads what `BitWriter` wrote.
final class BitReader {

    private final byte[] bytes;
    private long position;

    BitReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The next `width` bits as an unsigned number.
    ///
    /// @param width 1 to 64
    /// @throws IndexOutOfBoundsException behind the end
    long read(int width) {
        long value = 0;
        int left = width;
        while (left > 0) {
            int available = 8 - (int) (position & 7);
            int taken = Math.min(available, left);
            long bits = ((bytes[(int) (position >>> 3)] & 0xffL) >>> (available - taken)) & ((1L << taken) - 1);
            value = (value << taken) | bits;
            left -= taken;
            position += taken;
        }
        return value;
    }

    boolean readBit() {
        boolean bit = ((bytes[(int) (position >>> 3)] >>> (7 - (int) (position & 7))) & 1) != 0;
        position++;
        return bit;
    }
}
