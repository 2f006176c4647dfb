package dev.telltale.series;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Bounds of the store of samples.
///
/// @param seriesLimit series that may exist
/// @param headMemory samples that are not in chunks yet take about so much of the heap, at most twice
/// @param journalSize the journal grows about to this size; a start reads it back
/// @param partitions of the store, 1 to 1024, where processes share it: that of its first start
/// @param groupLabel series that have the same value of this label lie in the same partition
@ConfigurationProperties(prefix = "telltale.store", ignoreUnknownFields = false)
public record SeriesStoreProperties(
        @DefaultValue("100000") int seriesLimit,
        @DefaultValue("64MB") DataSize headMemory,
        @DefaultValue("64MB") DataSize journalSize,
        @DefaultValue("16") int partitions,
        @DefaultValue("instance") String groupLabel) {

    private static final int MOST_PARTITIONS = 1024;
    private static final int BYTES_OF_A_SAMPLE = Long.BYTES + Double.BYTES;

    public SeriesStoreProperties {
        if (seriesLimit < 1) {
            throw new IllegalArgumentException("telltale.store.series-limit must be at least 1, was " + seriesLimit);
        }
        if (headMemory.toMegabytes() < 1) {
            throw new IllegalArgumentException("telltale.store.head-memory must be at least 1MB, was " + headMemory);
        }
        if (journalSize.toMegabytes() < 1) {
            throw new IllegalArgumentException("telltale.store.journal-size must be at least 1MB, was " + journalSize);
        }
        if (partitions < 1 || partitions > MOST_PARTITIONS) {
            throw new IllegalArgumentException(
                    "telltale.store.partitions must be from 1 to " + MOST_PARTITIONS + ", was " + partitions);
        }
        if (groupLabel.isEmpty()) {
            throw new IllegalArgumentException("telltale.store.group-label must be the name of a label, was empty");
        }
    }

    /// Which series lie together.
    public FrameGroup group() {
        return new FrameGroup(groupLabel, partitions);
    }

    ChunkedSeriesStore.Limits limits() {
        return new ChunkedSeriesStore.Limits(
                seriesLimit, headMemory.toBytes() / BYTES_OF_A_SAMPLE, journalSize.toBytes());
    }
}
