package dev.telltale.models;

import dev.telltale.series.Samples;
import dev.telltale.series.SeriesStore;

/// The stored samples of one series in the order of time, a page at a time, for whom several series are to
/// be read in step.
final class StoredPages {

    private final SeriesStore store;
    private final long seriesId;
    private final long end;
    private long from;

    /// @param end last time, inclusive
    StoredPages(SeriesStore store, long seriesId, long start, long end) {
        this.store = store;
        this.seriesId = seriesId;
        this.from = start;
        this.end = end;
    }

    /// The next samples; empty when there are no more.
    Samples next() {
        Samples[] page = {Samples.empty()};
        store.scanWhile(seriesId, from, end, samples -> {
            page[0] = samples;
            return false;
        });
        if (!page[0].isEmpty()) {
            from = page[0].time(page[0].count() - 1) + 1;
        }
        return page[0];
    }
}
