package dev.telltale.series;

import java.time.Instant;

/// A series that was deleted a while ago.
///
/// @param at when, by the clock of the database
public record GoneSeries(SeriesKey key, Instant at) {}
