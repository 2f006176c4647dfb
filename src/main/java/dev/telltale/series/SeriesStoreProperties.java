package dev.telltale.series;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Bounds of the store of samples.
///
/// @param seriesLimit series that may exist
/// @param headMemory samples that are not in chunks yet take about so much of the heap, at most twice
/// @param journalSize the journal grows about to this size; a start reads it back
@ConfigurationProperties(prefix = "telltale.store", ignoreUnknownFields = false)
record SeriesStoreProperties(
        @DefaultValue("100000") int seriesLimit,
        @DefaultValue("64MB") DataSize headMemory,
        @DefaultValue("64MB") DataSize journalSize) {

    private static final int BYTES_OF_A_SAMPLE = Long.BYTES + Double.BYTES;

    SeriesStoreProperties {
        if (seriesLimit < 1) {
            throw new IllegalArgumentException("telltale.store.series-limit must be at least 1, was " + seriesLimit);
        }
        if (headMemory.toMegabytes() < 1) {
            throw new IllegalArgumentException("telltale.store.head-memory must be at least 1MB, was " + headMemory);
        }
        if (journalSize.toMegabytes() < 1) {
            throw new IllegalArgumentException("telltale.store.journal-size must be at least 1MB, was " + journalSize);
        }
    }

    ChunkedSeriesStore.Limits limits() {
        return new ChunkedSeriesStore.Limits(
                seriesLimit, headMemory.toBytes() / BYTES_OF_A_SAMPLE, journalSize.toBytes());
    }
}
