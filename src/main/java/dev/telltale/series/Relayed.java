package dev.telltale.series;

import java.time.Instant;

/// What a relay gives back of what it was sent at once.
///
/// @param at when it was sent
public record Relayed(SampleBatch batch, Instant at) {}
