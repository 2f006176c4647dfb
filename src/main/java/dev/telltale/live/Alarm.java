package dev.telltale.live;

import dev.telltale.detection.Watch;
import dev.telltale.live.Anomaly.Kind;
import dev.telltale.live.Anomaly.Part;
import dev.telltale.live.Anomaly.Peak;
import dev.telltale.live.Anomaly.Suppression;
import dev.telltale.models.RowQuery;
import dev.telltale.models.RowScorer;
import dev.telltale.models.ScoredRow;
import dev.telltale.models.ScoredRow.Channel;
import dev.telltale.models.ScoredRow.Verdict;
import dev.telltale.models.WindowShape;
import dev.telltale.series.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/// Makes anomalies of the rows of watched series, by the policy of one detector.
final class Alarm {

    /// A window counts as muted if it is nearer to the one of a false alarm than this share of how far that is
    /// from what the model takes for normal, in squared distances: half of the way.
    private static final double NEAR = 0.25;

    private final Detector detector;
    private final LongSupplier ids;

    /// Anomalies that changed and are not stored yet, the last state of each.
    private final Map<Long, Anomaly> changed = new LinkedHashMap<>();

    Alarm(Detector detector, LongSupplier ids) {
        this.detector = detector;
        this.ids = ids;
    }

    /// Anomalies that changed since the last call.
    List<Anomaly> takeChanged() {
        List<Anomaly> taken = new ArrayList<>(changed.values());
        changed.clear();
        return taken;
    }

    /// Takes the next row of a series.
    ///
    /// @param scorer that judged it
    /// @param query that it was judged for
    void row(WatchedSeries watched, ScoredRow row, RowScorer scorer, RowQuery query) {
        Verdict verdict = row.verdict().orElseThrow();
        int loudest = loudest(verdict.channels(), watched.channels().size());
        double value = row.values().get(loudest);
        OptionalDouble expected = verdict.channels().get(loudest).expected();
        boolean counts = detector.policy().counts(verdict.anomalous(), value, expected.orElse(Double.NaN));
        Watch.Step step = watched.alarm().next(query.grid().rowAt(row.time()), counts);
        if (step.ended()) {
            end(watched);
        }
        if (!step.alarming()) {
            return;
        }
        boolean muted = counts && isMuted(watched, row, scorer, query);
        Peak peak = new Peak(row.time(), verdict.score(), OptionalDouble.of(value), expected);
        if (step.began() || watched.open().isEmpty()) {
            long start =
                    row.time() - watched.alarm().rowsSinceFirst() * query.grid().interval();
            begin(watched, start, peak, verdict, muted);
        } else if (counts && !muted && isMutedSoFar(watched)) {
            end(watched); // what goes on is no longer what was called a false alarm
            begin(watched, row.time(), peak, verdict, false);
        } else if (counts) {
            Anomaly open = watched.open().orElseThrow();
            boolean higher = peak.score() > open.peak().score();
            put(
                    watched,
                    grown(
                            open,
                            row.time(),
                            higher ? peak : open.peak(),
                            higher ? parts(watched, verdict) : open.parts()));
        }
    }

    /// No samples of a series have come for too long.
    void silent(WatchedSeries watched, long lastSample, long now) {
        cut(watched);
        List<Part> parts = watched.channels().stream()
                .map(series -> new Part(series, OptionalDouble.empty()))
                .toList();
        Anomaly anomaly = new Anomaly(
                ids.getAsLong(),
                Optional.empty(),
                detector.name(),
                Kind.NO_DATA,
                parts,
                lastSample,
                Math.max(lastSample, now),
                true,
                new Peak(Math.max(lastSample, now), 1, OptionalDouble.empty(), OptionalDouble.empty()),
                Optional.empty(),
                Optional.empty());
        watched.withoutData(Optional.of(anomaly));
        changed.put(anomaly.id(), anomaly);
    }

    /// Samples of a series come again.
    void heard(WatchedSeries watched, long firstSample) {
        watched.withoutData().ifPresent(anomaly -> {
            changed.put(anomaly.id(), closed(anomaly, Math.max(anomaly.start(), firstSample)));
            watched.withoutData(Optional.empty());
        });
    }

    /// Ends the alarm of a series of which no more rows come for now: the next one begins anew.
    void cut(WatchedSeries watched) {
        watched.forgetRows(detector.policy());
        end(watched);
    }

    /// Ends all that is open of a series that is watched no more.
    void endAll(WatchedSeries watched) {
        end(watched);
        watched.withoutData().ifPresent(anomaly -> heard(watched, anomaly.end()));
    }

    /// Ends the anomaly that the rows of a series are in.
    void end(WatchedSeries watched) {
        watched.open().ifPresent(open -> {
            changed.put(open.id(), closed(open, open.end()));
            watched.open(Optional.empty());
            watched.lastEnd(open.end());
        });
    }

    /// Takes over what the store made of anomalies, such as their incident.
    ///
    /// @param stored by their ids
    static void stored(WatchedSeries watched, Map<Long, Anomaly> stored) {
        watched.open(watched.open().map(open -> stored.getOrDefault(open.id(), open)));
        if (watched.withoutData().isPresent()) {
            watched.withoutData(watched.withoutData().map(open -> stored.getOrDefault(open.id(), open)));
        }
    }

    private void begin(WatchedSeries watched, long start, Peak peak, Verdict verdict, boolean muted) {
        Optional<Suppression> suppressed = Optional.empty();
        if (muted) {
            suppressed = Optional.of(Suppression.FEEDBACK);
        } else if (isWithinSilence(watched, start)) {
            suppressed = Optional.of(Suppression.SILENCE);
        }
        put(
                watched,
                new Anomaly(
                        ids.getAsLong(),
                        Optional.empty(),
                        detector.name(),
                        Kind.SCORE,
                        parts(watched, verdict),
                        start,
                        peak.time(),
                        true,
                        peak,
                        suppressed,
                        Optional.empty()));
    }

    private void put(WatchedSeries watched, Anomaly anomaly) {
        watched.open(Optional.of(anomaly));
        changed.put(anomaly.id(), anomaly);
    }

    private boolean isWithinSilence(WatchedSeries watched, long start) {
        return watched.lastEnd().isPresent()
                && start <= watched.lastEnd().getAsLong() + detector.silence().toMillis()
                && !detector.silence().isZero();
    }

    private static boolean isMutedSoFar(WatchedSeries watched) {
        return watched.open().flatMap(Anomaly::suppressed).equals(Optional.of(Suppression.FEEDBACK));
    }

    private static boolean isMuted(WatchedSeries watched, ScoredRow row, RowScorer scorer, RowQuery query) {
        if (watched.muted().isEmpty()) {
            return false;
        }
        List<WindowShape> shapes =
                scorer.shapes(new RowQuery(query.channels(), query.grid(), query.scale(), row.time(), row.time()));
        return shapes.stream()
                .anyMatch(shape -> watched.muted().stream()
                        .anyMatch(muted -> shape.distance(muted.values()) <= NEAR * muted.error()));
    }

    /// The series that contributes most, which a person will look at; not a channel derived from it.
    private static int loudest(List<Channel> channels, int series) {
        int loudest = 0;
        for (int channel = 1; channel < series; channel++) {
            if (channels.get(channel).contribution().orElse(0)
                    > channels.get(loudest).contribution().orElse(0)) {
                loudest = channel;
            }
        }
        return loudest;
    }

    private static List<Part> parts(WatchedSeries watched, Verdict verdict) {
        List<Part> parts = new ArrayList<>();
        for (int channel = 0; channel < watched.channels().size(); channel++) {
            Series series = watched.channels().get(channel);
            parts.add(new Part(series, verdict.channels().get(channel).contribution()));
        }
        return parts;
    }

    private static Anomaly grown(Anomaly open, long end, Peak peak, List<Part> parts) {
        return new Anomaly(
                open.id(),
                open.incident(),
                open.detector(),
                open.kind(),
                parts,
                open.start(),
                end,
                true,
                peak,
                open.suppressed(),
                open.feedback());
    }

    /// The same, over.
    static Anomaly closed(Anomaly open, long end) {
        return new Anomaly(
                open.id(),
                open.incident(),
                open.detector(),
                open.kind(),
                open.parts(),
                open.start(),
                end,
                false,
                open.peak(),
                open.suppressed(),
                open.feedback());
    }
}
