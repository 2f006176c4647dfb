package dev.telltale.live;

import dev.telltale.models.RowScorer;
import dev.telltale.problem.Problem;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import dev.telltale.signal.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// How far detectors have come, whichever process scores their series: of those that this one scores it knows from its
/// lanes, of others from what is on disk.
final class DetectorStates {

    private final Supplies supplies;
    private final Detectors detectors;
    private final LaneStatusTable statuses;

    DetectorStates(Supplies supplies, Detectors detectors, LaneStatusTable statuses) {
        this.supplies = supplies;
        this.detectors = detectors;
        this.statuses = statuses;
    }

    /// A detector.
    ///
    /// @param series that it watches, by id
    /// @param lagSeconds how long the oldest sample that waits has waited
    /// @param pending samples that wait
    /// @param failure why nothing is scored now
    record State(
            Detector detector, List<WatchedState> series, double lagSeconds, int pending, Optional<String> failure) {}

    /// A series that is watched, or those that are judged together.
    ///
    /// @param channels in the order of the model's
    /// @param missing rows until it has learned enough
    /// @param local what this process knows of it, if it scores it
    record WatchedState(
            List<Series> channels,
            WatchedSeries.State state,
            int missing,
            WatchTable.Brief row,
            Optional<WatchedSeries.Status> local) {

        Series first() {
            return channels.getFirst();
        }
    }

    /// The newest of the scores.
    ///
    /// @param through time through which rows are judged, or count as past; absent for a new series
    record Newest(OptionalLong through, OptionalDouble score) {}

    /// Detectors behind `after` in the order of their names, at most `limit`.
    List<DetectorTable.Listed> list(String after, int limit) {
        return supplies.detectors().list(after, limit);
    }

    /// @throws Problem if there is none of this name
    Detector detector(DetectorName name) {
        return row(name).detector();
    }

    private DetectorTable.Row row(DetectorName name) {
        return supplies.detectors().find(name).orElseThrow(() -> DetectorChanges.notFound(name));
    }

    /// @throws Problem if there is none of this name
    State get(DetectorName name) {
        DetectorTable.Row row = row(name);
        Optional<Lane> lane = detectors.find(name).filter(found -> found.serves(row));
        Map<Integer, LaneStatus> others = supplies.isShared() ? statuses.of(row.id()) : Map.of();
        Set<Long> silent = supplies.isShared() ? silent(name) : Set.of();
        List<WatchedState> series = new ArrayList<>();
        for (WatchTable.Brief watch : supplies.watches().briefs(row.id())) {
            channels(watch)
                    .ifPresent(channels -> series.add(lane.flatMap(found -> found.watched(watch.series()))
                            .map(watched -> here(channels, watched))
                            .orElseGet(() -> elsewhere(channels, watch, others, silent))));
        }
        double lag = lane.map(Lane::lagSeconds).orElse(0.0);
        int pending = lane.map(Lane::pending).orElse(0);
        Optional<String> failure = lane.flatMap(Lane::failure);
        for (Map.Entry<Integer, LaneStatus> other : others.entrySet()) {
            if (supplies.homes().of(other.getKey()).isEmpty()) {
                lag = Math.max(lag, other.getValue().lagMillis() / 1e3);
                pending += other.getValue().pending();
                failure = failure.or(other.getValue()::failure);
            }
        }
        return new State(row.detector(), series, lag, pending, failure);
    }

    /// Those that are there all.
    private Optional<List<Series>> channels(WatchTable.Brief row) {
        List<Series> found = row.channels().stream()
                .flatMap(id -> supplies.store().find(id).stream())
                .toList();
        return found.size() == row.channels().size() ? Optional.of(found) : Optional.empty();
    }

    private static WatchedState here(List<Series> channels, WatchedSeries watched) {
        WatchedSeries.Status status = watched.status();
        return new WatchedState(
                channels, status.state(), status.missing(), WatchTable.Brief.of(watched.kept()), Optional.of(status));
    }

    private WatchedState elsewhere(
            List<Series> channels, WatchTable.Brief row, Map<Integer, LaneStatus> others, Set<Long> silent) {
        LaneStatus status = others.get(supplies.store().partition(row.series()));
        WatchedSeries.State state = WatchedSeries.State.WATCHING;
        if (silent.contains(row.series())) {
            state = WatchedSeries.State.NO_DATA;
        } else if (row.endedAt().isPresent()) {
            state = WatchedSeries.State.ENDED;
        } else if (status == null || status.loading().contains(row.series())) {
            state = WatchedSeries.State.LOADING;
        } else if (status.warming().containsKey(row.series())) {
            state = WatchedSeries.State.WARMING;
        }
        int missing = status == null ? 0 : status.warming().getOrDefault(row.series(), 0);
        return new WatchedState(channels, state, missing, row, Optional.empty());
    }

    /// Those of which no samples come.
    private Set<Long> silent(DetectorName name) {
        return supplies.openAnomalies(name).values().stream()
                .flatMap(List::stream)
                .filter(anomaly -> anomaly.kind() == Anomaly.Kind.NO_DATA)
                .map(anomaly -> anomaly.parts().getFirst().series().id())
                .collect(Collectors.toSet());
    }

    /// How far a series is judged. Where this process has not judged it yet it reads the newest score.
    Newest newest(WatchedState watched) {
        OptionalLong through =
                watched.local().map(WatchedSeries.Status::scoredThrough).orElse(OptionalLong.empty());
        OptionalDouble score = watched.local().map(WatchedSeries.Status::score).orElse(OptionalDouble.empty());
        if (score.isPresent()) {
            return new Newest(through, score);
        }
        WatchTable.Brief row = watched.row();
        OptionalLong newest = supplies.store().newest(row.scores());
        OptionalLong judged = watched.local().isPresent() ? through : Later.of(row.since(), newest);
        return new Newest(judged, newest.isPresent() ? score(row.scores(), newest.getAsLong()) : score);
    }

    private OptionalDouble score(long scores, long time) {
        try {
            Samples samples = supplies.store().read(scores, time, time);
            return samples.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(samples.value(0));
        } catch (Problem deleted) {
            return OptionalDouble.empty();
        }
    }

    /// Where the scores of a series lie.
    ///
    /// @param grid of its rows; absent before it has learned one
    record Scores(long series, Optional<Grid> grid) {}

    /// @param series one of those that are judged together
    /// @throws Problem if there is no such detector, or it does not watch the series
    Scores scores(DetectorName name, Series series) {
        DetectorTable.Row row = row(name);
        WatchTable.Brief watch = supplies.watches()
                .find(row.id(), series.id())
                .map(WatchTable.Brief::of)
                .or(() -> supplies.watches().briefs(row.id()).stream()
                        .filter(one -> one.channels().contains(series.id()))
                        .findFirst())
                .orElseThrow(() -> LiveProblem.NOT_WATCHED.because(
                        "detector '%s' does not watch series %s; its selector is '%s'",
                        name, series.key(), row.detector().select()));
        Optional<WatchedSeries> local =
                detectors.find(name).filter(lane -> lane.serves(row)).flatMap(lane -> lane.watched(watch.series()));
        long scores = local.map(watched -> watched.kept().scores()).orElse(watch.scores());
        if (supplies.store().find(scores).isEmpty()) {
            return new Scores(scores, Optional.empty()); // somebody deleted them
        }
        return local.isPresent()
                ? new Scores(scores, local.map(watched -> watched.status().grid()))
                : new Scores(scores, grid(row.detector(), watch));
    }

    private Optional<Grid> grid(Detector detector, WatchTable.Brief watch) {
        List<SeriesKey> keys =
                channels(watch).orElse(List.of()).stream().map(Series::key).toList();
        try (RowScorer scorer = supplies.scoring().rows(detector.model())) {
            if (!detector.learns(keys, scorer.sources())) {
                return Optional.of(scorer.grid());
            }
            return watch.origin().isPresent()
                    ? Optional.of(
                            new Grid(scorer.grid().interval(), watch.origin().getAsLong()))
                    : Optional.empty();
        }
    }
}
