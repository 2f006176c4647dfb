package dev.telltale.live;

import dev.telltale.database.Changes;
import dev.telltale.database.Database;
import dev.telltale.models.ModelScoring;
import dev.telltale.series.AnnotationStore;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import dev.telltale.series.SeriesStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What all detectors work with.
///
/// @param isShared whether other processes may work on the same database
/// @param workers run one turn each; few, since turns compute
/// @param later runs something in a moment, after a failure
record Supplies(
        Database database,
        SeriesStore store,
        AnnotationStore annotations,
        ModelScoring scoring,
        FindingStore findings,
        DetectorTable detectors,
        WatchTable watches,
        Homes homes,
        Changes changes,
        boolean isShared,
        List<ScoreListener> scoreListeners,
        KnownReceivers receivers,
        LiveMeters meters,
        LiveProperties properties,
        InstantSource clock,
        Executor workers,
        Executor later) {

    private static final long FUTURE_MILLIS = 600_000;
    private static final Logger LOG = LoggerFactory.getLogger(Supplies.class);

    Supplies {
        scoreListeners = List.copyOf(scoreListeners);
    }

    /// The latest time of samples that are judged: one that is further in the future is not of now.
    long horizon() {
        return clock.millis() + FUTURE_MILLIS;
    }

    boolean hasScoreListeners() {
        return !scoreListeners.isEmpty();
    }

    /// The scores are on disk, whatever a listener makes of them.
    void tell(List<LiveScore> scores) {
        if (scores.isEmpty()) {
            return;
        }
        for (ScoreListener listener : scoreListeners) {
            try {
                listener.scored(scores);
            } catch (RuntimeException e) {
                LOG.error("A listener failed on {} scores, which are stored", scores.size(), e);
            }
        }
    }

    void tellOfTheEndOf(DetectorName detector) {
        scoreListeners.forEach(listener -> listener.ended(detector));
    }

    /// The scores of these come from another process from now on.
    void tellOfLeft(DetectorName detector, List<WatchedSeries> left) {
        List<SeriesKey> keys = left.stream()
                .flatMap(watched -> watched.channels().stream())
                .map(Series::key)
                .toList();
        if (!keys.isEmpty()) {
            scoreListeners.forEach(listener -> listener.left(detector, keys));
        }
    }

    /// Time of the first sample of a series from a time on.
    OptionalLong firstSample(long seriesId, long from) {
        long[] first = {Long.MIN_VALUE};
        store.scanWhile(seriesId, from, Long.MAX_VALUE, page -> {
            if (!page.isEmpty()) {
                first[0] = page.time(0);
            }
            return page.isEmpty();
        });
        return first[0] == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(first[0]);
    }

    /// Open anomalies of a detector by the first of their series.
    Map<Long, List<Anomaly>> openAnomalies(DetectorName detector) {
        Map<Long, List<Anomaly>> open = new HashMap<>();
        for (Anomaly anomaly : findings.open(detector)) {
            open.computeIfAbsent(anomaly.parts().getFirst().series().id(), id -> new ArrayList<>())
                    .add(anomaly);
        }
        return open;
    }

    /// Whether one of its series was deleted.
    boolean isGone(WatchedSeries watched) {
        return watched.channels().stream()
                .anyMatch(series -> store.find(series.id()).isEmpty());
    }
}
