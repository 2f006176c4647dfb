package dev.telltale.egress;

import dev.telltale.live.DetectorName;
import dev.telltale.live.LiveScore;
import dev.telltale.live.ScoreListener;
import dev.telltale.live.ScoreSeries;
import dev.telltale.series.SeriesKey;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The newest score of each watched series, for Prometheus to scrape as `telltale_score`. It gives them to the
/// registry itself, since Micrometer takes no meters of one name with different labels.
///
/// Expected values and bounds are not among them: they would make four series of each, and a scrape does not tell
/// of which row they are. Remote write sends them with the row's time.
final class ScoreGauges implements ScoreListener, Collector {

    private static final MetricMetadata METADATA =
            new MetricMetadata(ScoreSeries.NAME, "Newest score of a watched series: at least 0, anomalous above 1");

    /// Series that are counted as left out.
    private static final int MOST_LEFT_OUT = 100_000;

    /// How often stale ones are looked for.
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final int limit;
    private final Duration staleAfter;
    private final Predicate<SeriesKey> isStored;
    private final InstantSource clock;
    private final Map<Source, Newest> exported = new HashMap<>(); // guarded by this, as what follows
    private final Map<Source, Instant> leftOut = new HashMap<>(); // with when the newest score came
    private Instant nextLook = Instant.MIN;

    /// Whose scores they are.
    private record Source(DetectorName detector, SeriesKey series) {}

    /// @param time of the row
    /// @param heard when the score came
    private record Newest(Labels labels, double score, long time, Instant heard) {}

    /// @param limit series at most; beyond it none more is added until others are stale
    /// @param isStored false for a series that was deleted
    ScoreGauges(int limit, Duration staleAfter, Predicate<SeriesKey> isStored, InstantSource clock) {
        this.limit = limit;
        this.staleAfter = staleAfter;
        this.isStored = isStored;
        this.clock = clock;
    }

    @Override
    public synchronized void scored(List<LiveScore> scores) {
        Instant now = clock.instant();
        for (LiveScore score : scores) {
            Source source = new Source(score.detector(), score.series());
            Newest before = exported.get(source);
            if (before != null) {
                if (score.time() >= before.time()) {
                    exported.put(source, new Newest(before.labels(), score.score(), score.time(), now));
                }
            } else if (hasRoom(now)) {
                leftOut.remove(source);
                exported.put(source, new Newest(labels(source), score.score(), score.time(), now));
            } else if (leftOut.size() < MOST_LEFT_OUT || leftOut.containsKey(source)) {
                leftOut.put(source, now);
            }
        }
    }

    @Override
    public synchronized void ended(DetectorName detector) {
        exported.keySet().removeIf(source -> source.detector().equals(detector));
        leftOut.keySet().removeIf(source -> source.detector().equals(detector));
    }

    /// Another process exports them from now on; a scrape of both would find two scores of one series.
    @Override
    public synchronized void left(DetectorName detector, List<SeriesKey> series) {
        for (SeriesKey key : series) {
            exported.remove(new Source(detector, key));
            leftOut.remove(new Source(detector, key));
        }
    }

    /// How many series can be scraped.
    synchronized int exported() {
        dropStale(clock.instant());
        return exported.size();
    }

    /// How many have scores and cannot be scraped.
    synchronized int leftOut() {
        dropStale(clock.instant());
        return leftOut.size();
    }

    @Override
    public MetricSnapshot collect() {
        Map<Labels, GaugeDataPointSnapshot> points = new HashMap<>(); // two of the same labels would end the scrape
        for (Newest newest : newest()) {
            points.put(newest.labels(), new GaugeDataPointSnapshot(newest.score(), newest.labels(), null));
        }
        return new GaugeSnapshot(METADATA, points.values());
    }

    @Override
    public @Nullable MetricFamilyDescriptor getMetricFamilyDescriptor() {
        return MetricFamilyDescriptor.of(MetricType.GAUGE, METADATA);
    }

    private synchronized List<Newest> newest() {
        dropStale(clock.instant());
        return List.copyOf(exported.values());
    }

    private boolean hasRoom(Instant now) {
        if (exported.size() >= limit && !now.isBefore(nextLook)) {
            dropStale(now);
        }
        return exported.size() < limit;
    }

    private void dropStale(Instant now) {
        nextLook = now.plus(BETWEEN_LOOKS);
        Instant oldest = now.minus(staleAfter);
        exported.entrySet()
                .removeIf(entry -> isOver(entry.getKey(), entry.getValue().heard(), oldest));
        leftOut.entrySet().removeIf(entry -> isOver(entry.getKey(), entry.getValue(), oldest));
    }

    private boolean isOver(Source source, Instant heard, Instant oldest) {
        return !heard.isAfter(oldest) || !isStored.test(source.series());
    }

    private static Labels labels(Source source) {
        SortedMap<String, String> labels = PrometheusLabels.of(source.detector(), source.series());
        return Labels.of(List.copyOf(labels.keySet()), List.copyOf(labels.values()));
    }
}
