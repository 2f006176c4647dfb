package dev.telltale.live;

import dev.telltale.series.Series;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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

    /// Begins to watch series.
    ///
    /// @param units those that are judged together, each
    /// @param fromNow whether what is stored of them is past
    List<WatchedSeries> begin(long id, Detector detector, List<List<Series>> units, boolean fromNow) {
        List<WatchedSeries> watched = new ArrayList<>();
        for (int from = 0; from < units.size(); from += AT_ONCE) {
            List<List<Series>> some = units.subList(from, Math.min(units.size(), from + AT_ONCE));
            List<Optional<Series>> scores = supplies.store()
                    .findOrCreateThatFit(some.stream()
                            .map(channels -> ScoreSeries.of(
                                    detector.name(), channels.getFirst().key()))
                            .toList());
            if (scores.stream().anyMatch(Optional::isEmpty)) {
                LOG.warn(
                        "Detector '{}' cannot watch all series: the limit of series leaves no room for their scores",
                        detector.name());
            }
            List<WatchTable.Row> rows = new ArrayList<>();
            for (int i = 0; i < some.size(); i++) {
                if (scores.get(i).isEmpty()) {
                    continue;
                }
                List<Series> channels = some.get(i);
                OptionalLong newest =
                        fromNow ? supplies.store().newest(channels.getFirst().id()) : OptionalLong.empty();
                WatchTable.Row row = WatchTable.Row.begin(
                        channels.stream().map(Series::id).toList(),
                        scores.get(i).get().id(),
                        newest);
                rows.add(row);
                watched.add(new WatchedSeries(channels, row, supplies.clock().millis()));
            }
            supplies.database().write(connection -> {
                supplies.watches().save(connection, id, rows);
                return true;
            });
        }
        return watched;
    }

    /// Forgets series that are watched no more, and ends what was open of them.
    void end(long id, Detector detector, Collection<WatchTable.Row> rows, Collection<List<Anomaly>> open) {
        if (rows.isEmpty() && open.isEmpty()) {
            return;
        }
        List<Anomaly> over = open.stream()
                .flatMap(List::stream)
                .map(anomaly -> Alarm.closed(anomaly, anomaly.end()))
                .toList();
        supplies.database().write(connection -> {
            for (WatchTable.Row row : rows) {
                WatchTable.delete(connection, id, row.series());
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
