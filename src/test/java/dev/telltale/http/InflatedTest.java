package dev.telltale.http;

import static dev.telltale.http.RawRequest.gzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.telltale.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class InflatedTest {

    private static final long LIMIT = 8 << 20;

    @Test
    void readsWhatWasCompressed() throws IOException {
        byte[] content = noise(100_000);

        assertThat(inflated(gzip(content)).readAllBytes()).isEqualTo(content);
    }

    @Test
    void readsAllMembersAlsoWhenTheNextOneComesLate() throws IOException {
        InputStream late = new SequenceInputStream(
                new ByteArrayInputStream(gzip(noise(10))), new ByteArrayInputStream(gzip(noise(20))));

        assertThat(new Inflated(late, LIMIT).readAllBytes()).hasSize(30);
    }

    @Test
    void refusesWhateverFollowsTheLastMember() throws IOException {
        byte[] member = gzip(noise(10));
        for (int length = 1; length <= 40; length++) {
            for (int piece = 1; piece <= member.length + length; piece++) {
                InputStream body = inPieces(concat(member, noise(length)), piece);
                refused(() -> new Inflated(body, LIMIT).readAllBytes(), HttpProblem.MALFORMED_COMPRESSION);
            }
        }
    }

    @Test
    void failsWhereTheConnectionFailsBehindAMember() throws IOException {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(gzip(noise(10))), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new SocketTimeoutException();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                throw new SocketTimeoutException();
            }
        });

        assertThatThrownBy(() -> new Inflated(broken, LIMIT).readAllBytes()).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void readsAllMembersInWhateverPiecesTheyCome() throws IOException {
        byte[] members = concat(gzip(noise(10)), gzip(noise(20)));
        for (int piece = 1; piece <= members.length; piece++) {
            assertThat(new Inflated(inPieces(members, piece), LIMIT).readAllBytes())
                    .isEqualTo(concat(noise(10), noise(20)));
        }
    }

    @Test
    void refusesABombEarly() throws IOException {
        byte[] bomb = gzip(new byte[64 << 20]);

        refused(() -> inflated(bomb).readAllBytes(), HttpProblem.BODY_TOO_LARGE);
    }

    @Test
    void refusesContentBeyondTheLimit() throws IOException {
        byte[] large = gzip(noise((int) LIMIT + 1));

        refused(() -> inflated(large).readAllBytes(), HttpProblem.BODY_TOO_LARGE);
    }

    @Test
    void refusesWhatIsCutShortDamagedOrNotGzip() throws IOException {
        byte[] whole = gzip(noise(1_000));
        byte[] damaged = whole.clone();
        damaged[damaged.length - 8] ^= 1; // the checksum

        refused(
                () -> inflated(Arrays.copyOf(whole, whole.length - 9)).readAllBytes(),
                HttpProblem.MALFORMED_COMPRESSION);
        refused(() -> inflated(damaged).readAllBytes(), HttpProblem.MALFORMED_COMPRESSION);
        refused(() -> inflated(new byte[] {1, 2, 3}).readAllBytes(), HttpProblem.MALFORMED_COMPRESSION);
        refused(() -> inflated(new byte[0]).readAllBytes(), HttpProblem.MALFORMED_COMPRESSION);
    }

    private static Inflated inflated(byte[] compressed) {
        return new Inflated(new ByteArrayInputStream(compressed), LIMIT);
    }

    private static void refused(ThrowingCallable reading, HttpProblem type) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(type));
    }

    /// What a reader has to keep is not counted: it is refused long before that is much.
    @Test
    void takesLessThanAMebibyteOfHeapToRefuseABomb() throws IOException {
        byte[] bomb = gzip(new byte[64 << 20]);
        byte[] buffer = new byte[8192];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        InputStream body = new Inflated(new ByteArrayInputStream(bomb), 32 << 20);
        refused(
                () -> {
                    while (body.read(buffer) >= 0) {
                        // until it is too much
                    }
                },
                HttpProblem.BODY_TOO_LARGE);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    }

    /// Bytes that come from a network a few at a time.
    private static InputStream inPieces(byte[] bytes, int piece) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, piece));
            }
        };
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(42).nextBytes(bytes);
        return bytes;
    }
}
