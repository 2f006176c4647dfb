package dev.telltale.live;

import java.util.List;

/// Hears of scores once they are on disk.
@FunctionalInterface
public interface ScoreListener {

    /// Called on the thread that scores: return soon.
    void scored(List<LiveScore> scores);

    /// Called when a detector is deleted: no more scores of it come.
    default void ended(DetectorName detector) {}
}
