package dev.telltale.live;

import dev.telltale.series.SeriesKey;

/// The score of one row as it arrived.
///
/// @param detector that watches
/// @param series that is watched; of a model of several, each has such a score
/// @param time of the row, epoch milliseconds UTC
/// @param value of the row
/// @param score at least 0, anomalous above 1
/// @param expected the reconstruction in units of the series, NaN where there is none
/// @param lower below this the row would be anomalous, NaN where there is no such bound
/// @param upper above this the row would be anomalous, NaN where there is no such bound
public record LiveScore(
        DetectorName detector,
        SeriesKey series,
        long time,
        double value,
        double score,
        double expected,
        double lower,
        double upper) {}
