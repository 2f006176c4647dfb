package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FrameGroupTest {

    private static final FrameGroup GROUP = new FrameGroup("instance", 16);

    /// The values are those of Kafka's own test of `Utils.murmur2`.
    @Test
    void hashesAsKafkaDoes() {
        Map<String, Integer> hashes = Map.of(
                "21", -973932308,
                "foobar", -790332482,
                "a-little-bit-long-string", -985981536,
                "a-little-bit-longer-string", -1486304829,
                "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971,
                "abc", 479470107);
        hashes.forEach((text, hash) -> assertThat(FrameGroup.murmur2(text.getBytes(StandardCharsets.UTF_8)))
                .as(text)
                .isEqualTo(hash));
    }

    @Test
    void hashesBytesAboveAsciiAsUnsignedOnes() {
        byte[] bytes = {(byte) 0xff, (byte) 0x80, 1, (byte) 0xfe, (byte) 0xc3};
        assertThat(FrameGroup.murmur2(bytes)).isEqualTo(murmur2InPlainSteps(bytes));
    }

    @Test
    void takesTheChannelsOfAnInstanceTogether() {
        int partition = GROUP.partition(key("cpu", Map.of("instance", "i-1", "mode", "idle")));

        assertThat(partition).isEqualTo((FrameGroup.murmur2("i-1".getBytes(StandardCharsets.UTF_8)) & 0x7fffffff) % 16);
        assertThat(GROUP.partition(key("memory", Map.of("instance", "i-1")))).isEqualTo(partition);
        assertThat(GROUP.partition(key("telltale_score", Map.of("instance", "i-1", "detector", "d", "metric", "cpu"))))
                .isEqualTo(partition);
    }

    @Test
    void takesSeriesWithoutThatLabelTogetherByAllOthers() {
        assertThat(GROUP.of(key("cpu", Map.of("host", "a")))).isEqualTo("{host=\"a\"}");
        assertThat(GROUP.of(key("cpu", Map.of()))).isEmpty();
        assertThat(GROUP.of(key("telltale_score", Map.of("host", "a", "detector", "d", "metric", "cpu"))))
                .isEqualTo("{host=\"a\"}");
        assertThat(GROUP.of(key("cpu", Map.of("host", "a", "detector", "d"))))
                .as("a label of somebody else")
                .isEqualTo("{detector=\"d\",host=\"a\"}");
    }

    @Test
    void spreadsInstancesOverAllPartitions() {
        Map<Integer, Integer> series = new TreeMap<>();
        for (int i = 0; i < 1_600; i++) {
            series.merge(GROUP.partition(key("cpu", Map.of("instance", "host-" + i + ":9100"))), 1, Integer::sum);
        }
        assertThat(series).hasSize(16);
        assertThat(series.values()).allSatisfy(count -> assertThat(count).isBetween(50, 160));
    }

    private static SeriesKey key(String name, Map<String, String> labels) {
        return new SeriesKey(name, Labels.of(labels));
    }

    /// MurmurHash2 with words put together from bytes as numbers from 0 to 255.
    private static int murmur2InPlainSteps(byte[] bytes) {
        int factor = 0x5bd1e995;
        int hash = 0x9747b28c ^ bytes.length;
        int at = 0;
        for (; bytes.length - at >= 4; at += 4) {
            int word = 0;
            for (int i = 3; i >= 0; i--) {
                word = word * 256 + Byte.toUnsignedInt(bytes[at + i]);
            }
            word *= factor;
            word ^= word >>> 24;
            hash = hash * factor ^ word * factor;
        }
        if (at < bytes.length) {
            int rest = 0;
            for (int i = bytes.length - 1; i >= at; i--) {
                rest = rest * 256 + Byte.toUnsignedInt(bytes[i]);
            }
            hash = (hash ^ rest) * factor;
        }
        hash = (hash ^ hash >>> 13) * factor;
        return hash ^ hash >>> 15;
    }
}
