package dev.telltale.live;

import dev.telltale.models.ScoredRow;
import dev.telltale.models.ScoredRow.Channel;
import dev.telltale.series.OnConflict;
import dev.telltale.series.SampleBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What one turn of a detector's worker stores: scores, what is known of the series, anomalies and, by those who
/// listen to these, what is to be sent. All of it is on disk, or nothing; and nothing if another process scores one of
/// the series by now, or the detector is another one.
final class Transaction {

    private static final int FIRST_CAPACITY = 64;

    private final Lane lane;
    private final Detector detector;
    private final Supplies supplies;
    private final Alarm alarm;
    private long[] series = new long[FIRST_CAPACITY];
    private long[] times = new long[FIRST_CAPACITY];
    private double[] scores = new double[FIRST_CAPACITY];
    private int count;
    private int again;
    private final List<LiveScore> news = new ArrayList<>();
    private final Set<Home> homes = new HashSet<>();

    Transaction(Lane lane, Supplies supplies, Alarm alarm) {
        this.lane = lane;
        this.detector = lane.detector();
        this.supplies = supplies;
        this.alarm = alarm;
    }

    /// Adds the score of a row; one that it had before is replaced.
    ///
    /// @param isNew whether it had none
    void add(WatchedSeries watched, ScoredRow row, boolean isNew) {
        if (count == times.length) {
            series = Arrays.copyOf(series, 2 * count);
            times = Arrays.copyOf(times, 2 * count);
            scores = Arrays.copyOf(scores, 2 * count);
        }
        series[count] = watched.kept().scores();
        times[count] = row.time();
        scores[count] = row.score().orElseThrow();
        count++;
        homes.add(watched.home());
        again += isNew ? 0 : 1;
        if (isNew && supplies.hasScoreListeners()) {
            tell(watched, row);
        }
    }

    /// Stores all of it.
    ///
    /// @param concerned series of which something may have changed
    /// @param forgotten series that were deleted, of which nothing is to be kept
    /// @throws HomeLost if another process scores one of the series by now
    /// @throws Outdated if the detector is another one by now
    void commit(Collection<WatchedSeries> concerned, Collection<WatchedSeries> forgotten) {
        List<Anomaly> changed = alarm.takeChanged();
        Map<WatchedSeries, WatchTable.Row> toSave = new LinkedHashMap<>();
        for (WatchedSeries one : concerned) {
            one.toSave().ifPresent(row -> toSave.put(one, row));
        }
        if (count == 0 && changed.isEmpty() && toSave.isEmpty() && forgotten.isEmpty()) {
            return;
        }
        concerned.forEach(one -> homes.add(one.home()));
        forgotten.forEach(one -> homes.add(one.home()));
        List<Anomaly> stored = new ArrayList<>();
        Duration gap = supplies.properties().incidentGap();
        supplies.store().append(batch(), OnConflict.REPLACE, connection -> {
            stored.clear();
            supplies.homes().require(connection, homes);
            supplies.detectors().require(connection, lane.id(), lane.revision());
            supplies.watches().save(connection, lane.id(), toSave.values());
            for (WatchedSeries one : forgotten) {
                WatchTable.delete(connection, lane.id(), one.first().id());
            }
            if (!changed.isEmpty()) {
                stored.addAll(supplies.findings().store(connection, detector.receivers(), gap, changed));
            }
            return true;
        });
        toSave.forEach(WatchedSeries::saved);
        concerned.forEach(WatchedSeries::stored);
        if (!stored.isEmpty()) {
            Map<Long, Anomaly> byId = stored.stream().collect(Collectors.toMap(Anomaly::id, anomaly -> anomaly));
            concerned.forEach(one -> Alarm.stored(one, byId));
            supplies.findings().announceStored();
        }
        supplies.meters().scored(count - again, again);
        supplies.tell(news);
    }

    private SampleBatch batch() {
        return new SampleBatch(Arrays.copyOf(series, count), Arrays.copyOf(times, count), Arrays.copyOf(scores, count));
    }

    private void tell(WatchedSeries watched, ScoredRow row) {
        for (int i = 0; i < watched.channels().size(); i++) {
            Channel channel = row.verdict().orElseThrow().channels().get(i);
            news.add(new LiveScore(
                    detector.name(),
                    watched.channels().get(i).key(),
                    row.time(),
                    row.values().get(i),
                    row.score().orElseThrow(),
                    channel.expected().orElse(Double.NaN),
                    channel.bounds().map(bounds -> bounds.lower()).orElse(Double.NaN),
                    channel.bounds().map(bounds -> bounds.upper()).orElse(Double.NaN)));
        }
    }
}
