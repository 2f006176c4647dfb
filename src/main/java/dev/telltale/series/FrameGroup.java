package dev.telltale.series;

import java.nio.charset.StandardCharsets;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which series lie together, so that one process meets all channels of a frame: those with the same value of
/// one label, such as `instance`, and of the others those with the same labels. What Telltale says of a series itself
/// lies where that series does.
///
/// @param label whose value names the group
/// @param partitions of the store, at least 1
public record FrameGroup(String label, int partitions) {

    private static final int SEED = 0x9747b28c;
    private static final int FACTOR = 0x5bd1e995;
    private static final int SHIFT = 24;

    /// The partition of a series: the one that Kafka gives a record with the group as its key.
    int partition(SeriesKey key) {
        int hash = murmur2(of(key).getBytes(StandardCharsets.UTF_8));
        return (hash & Integer.MAX_VALUE) % partitions;
    }

    /// The group of a series.
    public String of(SeriesKey key) {
        SortedMap<String, String> labels = key.labels().values();
        return Optional.ofNullable(labels.get(label)).orElseGet(() -> {
            if (!OwnSeries.has(key.name())) {
                return key.labels().toString();
            }
            NavigableMap<String, String> judged = new TreeMap<>(labels);
            OwnSeries.LABELS.forEach(judged::remove);
            return new Labels(judged).toString();
        });
    }

    /// The hash that Kafka's producers take of a key.
    ///
    /// @see <a href="https://github.com/aappleby/smhasher/blob/master/src/MurmurHash2.cpp">MurmurHash2</a>
    static int murmur2(byte[] bytes) {
        int hash = SEED ^ bytes.length;
        int whole = bytes.length & ~3;
        for (int i = 0; i < whole; i += 4) {
            int word = (bytes[i] & 0xff)
                    | (bytes[i + 1] & 0xff) << 8
                    | (bytes[i + 2] & 0xff) << 16
                    | (bytes[i + 3] & 0xff) << 24;
            word *= FACTOR;
            word ^= word >>> SHIFT;
            word *= FACTOR;
            hash = (hash * FACTOR) ^ word;
        }
        if (whole < bytes.length) {
            for (int i = bytes.length - 1; i >= whole; i--) {
                hash ^= (bytes[i] & 0xff) << (8 * (i - whole));
            }
            hash *= FACTOR;
        }
        hash ^= hash >>> 13;
        hash *= FACTOR;
        return hash ^ (hash >>> 15);
    }
}
