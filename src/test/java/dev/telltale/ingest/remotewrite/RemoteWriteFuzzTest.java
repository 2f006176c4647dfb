package dev.telltale.ingest.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.problem.Problem;

/// Whatever bytes are pushed: they are refused by a problem, or what is read of them takes no more memory than it
/// was given.
class RemoteWriteFuzzTest {

    private static final long LIMIT = 1 << 20;

    @FuzzTest
    void snappy(byte[] block) {
        try {
            byte[] decoded = SnappyBlock.decode(block, SnappyBlock.length(block, LIMIT));

            assertThat(decoded.length).isLessThanOrEqualTo((int) LIMIT);
            assertThat(decode(Receiver.snappy(decoded))).isEqualTo(decoded);
        } catch (Problem refused) {
            assertThat(refused.detail()).isNotBlank();
        }
    }

    @FuzzTest
    void versionOne(byte[] body) {
        read(Protocol.V1, body);
    }

    @FuzzTest
    void versionTwo(byte[] body) {
        read(Protocol.V2, body);
    }

    private static byte[] decode(byte[] block) {
        return SnappyBlock.decode(block, SnappyBlock.length(block, LIMIT));
    }

    private static void read(Protocol protocol, byte[] body) {
        try (WorkingMemory.Part part = new WorkingMemory(LIMIT).part()) {
            KnownSeries known = new KnownSeries(key -> key, key -> true, 1_000);
            SeriesCollector series = new SeriesCollector(known, protocol == Protocol.V2, part);
            protocol.read(body, series);

            assertThat(series.all()).isBetween(0L, (long) body.length);
        } catch (Problem refused) {
            assertThat(refused.detail()).isNotBlank();
        }
    }
}
