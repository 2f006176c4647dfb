package dev.telltale.live;

import dev.telltale.series.Series;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Begins and ends to watch series, on disk: each has a series for its scores, and a row that says what is known of it.
final class Watching {

    private static final Logger LOG = LoggerFactory.getLogger(Watching.class);

    /// Series that begin in one transaction.
    private static final int AT_ONCE = 1_000;

    private final Supplies supplies;

    Watching(Supplies supplies) {
        this.supplies = supplies;
    }

    /// Series that are judged together.
    ///
    /// @param channels in the order of the model's
    record Unit(List<Series> channels, Home home) {

        Series first() {
            return channels.getFirst();
        }
    }

    /// The series for the scores of others, in their order; empty where the limit of series leaves no room.
    ///
    /// @param units those that are judged together, each
    static List<Optional<Series>> scores(Supplies supplies, DetectorName detector, List<List<Series>> units) {
        List<Optional<Series>> scores = new ArrayList<>();
        for (int from = 0; from < units.size(); from += AT_ONCE) {
            scores.addAll(supplies.store()
                    .findOrCreateThatFit(units.subList(from, Math.min(units.size(), from + AT_ONCE)).stream()
                            .map(channels ->
                                    ScoreSeries.of(detector, channels.getFirst().key()))
                            .toList()));
        }
        if (scores.stream().anyMatch(Optional::isEmpty)) {
            LOG.warn(
                    "Detector '{}' cannot watch all series: the limit of series leaves no room for their scores",
                    detector);
        }
        return scores;
    }

    /// Deletes those series of scores that were made in vain.
    static void discard(Supplies supplies, Collection<Long> scores) {
        try {
            supplies.watches().unused(scores).forEach(supplies.store()::deleteIfUnused);
        } catch (RuntimeException e) {
            LOG.debug("Series for scores stay that nobody needs", e);
        }
    }

    /// Begins to watch series that came after their detector; what is stored of them is judged. Those that are watched
    /// by now on disk are gone on with.
    ///
    /// @throws HomeLost if another process scores one of them by now
    /// @throws Outdated if the detector is another one by now
    List<WatchedSeries> begin(Lane lane, List<Unit> units) {
        List<WatchedSeries> watched = new ArrayList<>();
        boolean wereKnown = false;
        for (int from = 0; from < units.size(); from += AT_ONCE) {
            List<Unit> some = units.subList(from, Math.min(units.size(), from + AT_ONCE));
            List<Optional<Series>> scores = scores(
                    supplies,
                    lane.detector().name(),
                    some.stream().map(Unit::channels).toList());
            Map<Unit, WatchTable.Row> rows = new LinkedHashMap<>();
            for (int i = 0; i < some.size(); i++) {
                if (scores.get(i).isPresent()) {
                    rows.put(some.get(i), row(some.get(i), scores.get(i).get()));
                }
            }
            Map<Unit, WatchTable.Row> kept = keepOrDiscard(lane, rows);
            for (Map.Entry<Unit, WatchTable.Row> one : kept.entrySet()) {
                wereKnown |= !one.getValue().equals(rows.get(one.getKey()));
                watched.add(watched(one.getKey(), one.getValue(), List.of()));
            }
        }
        if (wereKnown) {
            Map<Long, List<Anomaly>> open =
                    supplies.openAnomalies(lane.detector().name());
            watched.forEach(one ->
                    one.restore(Objects.requireNonNullElse(open.get(one.first().id()), List.of())));
        }
        return watched;
    }

    /// Goes on with a series as it is on disk.
    ///
    /// @param open its anomalies that may go on
    WatchedSeries watched(Unit unit, WatchTable.Row row, List<Anomaly> open) {
        WatchedSeries watched = new WatchedSeries(
                unit.channels(), row, unit.home(), supplies.clock().millis());
        watched.restore(open);
        return watched;
    }

    private static WatchTable.Row row(Unit unit, Series scores) {
        return WatchTable.Row.begin(
                unit.channels().stream().map(Series::id).toList(), scores.id(), OptionalLong.empty());
    }

    private Map<Unit, WatchTable.Row> keepOrDiscard(Lane lane, Map<Unit, WatchTable.Row> rows) {
        try {
            return keep(lane, rows);
        } catch (Outdated e) {
            discard(supplies, rows.values().stream().map(WatchTable.Row::scores).toList());
            throw e;
        }
    }

    /// Adds rows as far as there is room.
    ///
    /// @return those that are on disk then, which may have been there before
    private Map<Unit, WatchTable.Row> keep(Lane lane, Map<Unit, WatchTable.Row> rows) {
        if (rows.isEmpty()) {
            return rows;
        }
        return supplies.database().write(connection -> {
            supplies.homes()
                    .require(connection, rows.keySet().stream().map(Unit::home).toList());
            supplies.detectors().require(connection, lane.id(), lane.revision());
            int room = supplies.properties().watchLimit() - WatchTable.count(connection, lane.id());
            Map<Long, WatchTable.Row> present = supplies.watches()
                    .find(
                            connection,
                            lane.id(),
                            rows.keySet().stream()
                                    .map(unit -> unit.first().id())
                                    .toList());
            Map<Unit, WatchTable.Row> kept = new LinkedHashMap<>();
            List<WatchTable.Row> added = new ArrayList<>();
            for (Map.Entry<Unit, WatchTable.Row> one : rows.entrySet()) {
                WatchTable.Row known = present.get(one.getKey().first().id());
                if (known != null) {
                    kept.put(one.getKey(), known);
                } else if (added.size() < room) {
                    added.add(one.getValue());
                    kept.put(one.getKey(), one.getValue());
                }
            }
            supplies.watches().add(connection, lane.id(), added);
            return kept;
        });
    }

    /// Forgets series that are watched no more, and ends what was open of them.
    ///
    /// @throws Outdated if the detector is another one by now
    void end(Lane lane, Collection<WatchTable.Row> rows, Collection<List<Anomaly>> open) {
        if (rows.isEmpty() && open.isEmpty()) {
            return;
        }
        List<Anomaly> over = open.stream()
                .flatMap(List::stream)
                .map(anomaly -> Alarm.closed(anomaly, anomaly.end()))
                .toList();
        Detector detector = lane.detector();
        supplies.database().write(connection -> {
            supplies.detectors().require(connection, lane.id(), lane.revision());
            for (WatchTable.Row row : rows) {
                WatchTable.delete(connection, lane.id(), row.series());
            }
            return supplies.findings()
                    .store(
                            connection,
                            detector.receivers(),
                            supplies.properties().incidentGap(),
                            over);
        });
        supplies.findings().announceStored();
    }
}
