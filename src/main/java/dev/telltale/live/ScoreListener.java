package dev.telltale.live;

import dev.telltale.series.SeriesKey;
import java.util.List;

/// Hears of scores once they are on disk. Where several processes share the database, each score is told of in the one
/// that stored it.
@FunctionalInterface
public interface ScoreListener {

    /// Called on the thread that scores: return soon.
    void scored(List<LiveScore> scores);

    /// Called when a detector is deleted: no more scores of it come.
    default void ended(DetectorName detector) {}

    /// Called when another process has come to score some series of a detector: no more scores of them come here,
    /// unless they come back.
    default void left(DetectorName detector, List<SeriesKey> series) {}
}
