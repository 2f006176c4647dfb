package dev.telltale.series;

import java.util.Collection;
import java.util.Map;

/// Brings what is known of series up to date where other processes make them too.
@FunctionalInterface
interface SeriesNews {

    /// After it every series is known that was made before.
    void catchUp();

    /// Of these ids those of series that were deleted in the last hour, where that is noted.
    default Map<Long, GoneSeries> gone(Collection<Long> ids) {
        return Map.of();
    }
}
