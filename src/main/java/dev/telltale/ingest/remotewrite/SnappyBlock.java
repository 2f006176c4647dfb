package dev.telltale.ingest.remotewrite;

import dev.telltale.http.HttpProblem;
import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.snappy.SnappyJavaDecompressor;
import java.util.Arrays;

/// Decodes the block format of snappy, which begins with the length of what it holds. That length is checked
/// before anything is made of it.
///
/// @see <a href="https://github.com/google/snappy/blob/main/format_description.txt">Snappy's format</a>
final class SnappyBlock {

    private static final byte[] FRAMED = {(byte) 0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'};
    private static final int MOST_LENGTH_BYTES = 5;

    /// Three bytes copy up to 64.
    private static final int BEST_RATIO = 22;

    private SnappyBlock() {}

    /// The length that a block says it holds.
    ///
    /// @param limit of that length
    /// @throws dev.telltale.problem.Problem `MALFORMED_SNAPPY`, or `BODY_TOO_LARGE` above the limit
    static int length(byte[] block, long limit) {
        long length = declared(block);
        if (length > limit) {
            throw HttpProblem.BODY_TOO_LARGE.because(
                    "the snappy block says it holds %d bytes, at most %d are read here", length, limit);
        }
        if (length > (long) BEST_RATIO * block.length) {
            throw malformed("it cannot hold the " + length + " bytes that it says");
        }
        return (int) length;
    }

    /// What a block holds.
    ///
    /// @param length as it says
    /// @throws dev.telltale.problem.Problem `MALFORMED_SNAPPY`
    static byte[] decode(byte[] block, int length) {
        byte[] decoded = new byte[length];
        int written;
        try {
            written = new SnappyJavaDecompressor().decompress(block, 0, block.length, decoded, 0, length);
        } catch (MalformedInputException | IllegalArgumentException | IndexOutOfBoundsException broken) {
            throw malformed("it is broken or cut off");
        }
        if (written != length) {
            throw malformed("it holds " + written + " bytes and says " + length);
        }
        return decoded;
    }

    private static long declared(byte[] block) {
        if (Arrays.equals(Arrays.copyOf(block, FRAMED.length), FRAMED)) {
            throw malformed("it is in the framed format; send the block format");
        }
        long length = 0;
        for (int i = 0; i < Math.min(block.length, MOST_LENGTH_BYTES); i++) {
            length |= (block[i] & 0x7fL) << (7 * i);
            if (block[i] >= 0) {
                return length;
            }
        }
        throw malformed("it does not begin with a length");
    }

    private static RuntimeException malformed(String why) {
        return RemoteWriteProblem.MALFORMED_SNAPPY.because("the body is not a block of snappy: %s", why);
    }
}
