package dev.telltale.egress;

import dev.telltale.live.LiveScore;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A score as the value of a record, in JSON.
///
/// @param detector that watches
/// @param series that is watched
/// @param timestamp of the row
/// @param value of the row
/// @param score anomalous above 1
/// @param expected null where there is none, as the bounds
record ScoreRecord(
        String detector,
        Watched series,
        Instant timestamp,
        double value,
        double score,
        @Nullable Double expected,
        @Nullable Double lower,
        @Nullable Double upper) {

    record Watched(String name, Map<String, String> labels) {}

    static ScoreRecord of(LiveScore score) {
        return new ScoreRecord(
                score.detector().value(),
                new Watched(score.series().name(), score.series().labels().values()),
                Instant.ofEpochMilli(score.time()),
                score.value(),
                score.score(),
                orNull(score.expected()),
                orNull(score.lower()),
                orNull(score.upper()));
    }

    private static @Nullable Double orNull(double number) {
        return Double.isFinite(number) ? number : null;
    }
}
