package dev.telltale.ingest.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.http.HttpProblem;
import dev.telltale.problem.Problem;
import io.airlift.compress.v3.snappy.SnappyFramedOutputStream;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnappyBlockTest {

    private static final long LIMIT = 32 << 20;

    @Test
    void givesBackWhatWasCompressed() {
        Random random = new Random(1);
        for (int length : new int[] {0, 1, 2, 59, 60, 61, 1_000, 100_000}) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            byte[] repeated = new byte[length];
            Arrays.fill(repeated, (byte) 'x');
            assertThat(decode(Receiver.snappy(noise))).isEqualTo(noise);
            assertThat(decode(Receiver.snappy(repeated))).isEqualTo(repeated);
        }
    }

    @Test
    void takesTheBestRatioThatTheFormatHas() {
        int length = 1 + 64 * 300;
        byte[] header = {(byte) (length | 0x80), (byte) (length >> 7 | 0x80), (byte) (length >> 14)};
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header);
        out.writeBytes(new byte[] {0, 'x'});
        for (int i = 0; i < 300; i++) {
            out.writeBytes(new byte[] {(byte) (63 << 2 | 2), 1, 0});
        }
        assertThat(decode(out.toByteArray())).hasSize(length).containsOnly('x');
    }

    @Test
    void refusesALengthAboveTheLimitBeforeItMakesRoom() {
        for (byte[] header : new byte[][] {
            {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7}, // 2 GiB − 1
            {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 8}, // −2 GiB as an int
            {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 15}, // −1 as an int
            {(byte) 0x81, (byte) 0x80, (byte) 0x80, 16} // the limit and 1
        }) {
            assertThatThrownBy(() -> SnappyBlock.length(header, LIMIT))
                    .isInstanceOfSatisfying(
                            Problem.class, problem -> assertThat(problem.type()).isEqualTo(HttpProblem.BODY_TOO_LARGE));
        }
    }

    @Test
    void refusesALengthThatTheBlockCannotHold() {
        assertMalformed(new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, 16}, "it cannot hold the 33554432 bytes");
    }

    @Test
    void refusesWhatIsNoBlock() throws IOException {
        assertMalformed(new byte[0], "does not begin with a length");
        assertMalformed(new byte[] {(byte) 0x80}, "does not begin with a length");
        assertMalformed(new byte[] {-1, -1, -1, -1, -1, 1}, "does not begin with a length");
        assertMalformed(framed(), "framed format");
        byte[] block = Receiver.snappy("hello hello hello hello".getBytes(StandardCharsets.UTF_8));
        assertMalformed(Arrays.copyOf(block, block.length - 1), "broken or cut off");
        byte[] longer = block.clone();
        longer[0]++;
        assertMalformed(longer, "broken or cut off");
        assertMalformed(new byte[] {4, 1, 9}, "broken or cut off"); // copies from before the beginning
    }

    @Test
    void survivesAnyBytes() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            byte[] block = new byte[1 + random.nextInt(40)];
            random.nextBytes(block);
            block[0] &= 0x7f; // a length that is not refused at once
            try {
                assertThat(decode(block)).hasSize(block[0]);
            } catch (Problem malformed) {
                assertThat(malformed.type()).isEqualTo(RemoteWriteProblem.MALFORMED_SNAPPY);
            }
        }
    }

    private static byte[] decode(byte[] block) {
        return SnappyBlock.decode(block, SnappyBlock.length(block, LIMIT));
    }

    private static void assertMalformed(byte[] block, String why) {
        assertThatThrownBy(() -> decode(block))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.type()).isEqualTo(RemoteWriteProblem.MALFORMED_SNAPPY))
                .hasMessageContaining(why);
    }

    private static byte[] framed() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SnappyFramedOutputStream framed = new SnappyFramedOutputStream(new SnappyJavaCompressor(), out)) {
            framed.write("hello".getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }
}
