package dev.telltale.series;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// The last four bytes of a chunk or journal row: CRC-32C over a number that says where the bytes
/// belong and over all bytes before.
final class Checksum {

    static final int BYTES = Integer.BYTES;

    private Checksum() {}

    /// Writes the checksum into the last four bytes.
    static void seal(byte[] bytes, long owner) {
        ByteBuffer.wrap(bytes).putInt(bytes.length - BYTES, of(bytes, owner));
    }

    static boolean isIntact(byte[] bytes, long owner) {
        return bytes.length > BYTES && ByteBuffer.wrap(bytes).getInt(bytes.length - BYTES) == of(bytes, owner);
    }

    private static int of(byte[] bytes, long owner) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, owner));
        crc.update(bytes, 0, bytes.length - BYTES);
        return (int) crc.getValue();
    }
}
