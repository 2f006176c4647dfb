package dev.telltale.live;

import dev.telltale.models.ModelName;
import dev.telltale.models.RowScorer;
import dev.telltale.series.SampleBatch;
import dev.telltale.series.Selector;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// Detectors and the series that they watch: hands them samples, and finds those among new series that they select.
final class Bindings {

    private final Supplies supplies;
    private final ReentrantLock changes;
    private final Executor background;
    private final Map<Lane, Binding> bindings = new HashMap<>(); // guarded by changes
    private final Routes routes = new Routes();
    private final Watching watching;
    private volatile boolean isAsked; // from the first detector on

    /// @param changes held by who binds and ends
    /// @param background runs one thing after the other, none on the caller's thread
    Bindings(Supplies supplies, ReentrantLock changes, Executor background) {
        this.supplies = supplies;
        this.changes = changes;
        this.background = background;
        this.watching = new Watching(supplies);
    }

    /// The series that a model was trained on, in the order of its channels.
    ///
    /// @throws dev.telltale.problem.Problem if there is no such model, or it cannot judge rows as they arrive
    List<SeriesKey> sources(ModelName model) {
        try (RowScorer scorer = supplies.scoring().rows(model)) {
            return scorer.sources();
        }
    }

    /// Starts a lane: with the series that it watched before and still selects, and the others that it selects.
    ///
    /// @param fromNow whether what is stored of the others is past
    Lane bind(long id, Detector detector, List<SeriesKey> sources, List<WatchTable.Row> known, boolean fromNow) {
        isAsked = true;
        Lane lane = new Lane(id, detector, supplies);
        Binding binding = new Binding(sources);
        Map<Long, WatchTable.Row> rows = known.stream().collect(Collectors.toMap(WatchTable.Row::series, row -> row));
        Map<Long, List<Anomaly>> open = supplies.openAnomalies(detector.name());
        List<List<Series>> fresh = new ArrayList<>();
        List<WatchedSeries> watched = new ArrayList<>();
        for (Series series : supplies.store().select(detector.select(), 0, Integer.MAX_VALUE)) {
            Optional<List<Series>> unit = Routes.isOpen(series) ? binding.add(series) : Optional.empty();
            unit.ifPresent(channels -> {
                WatchTable.Row row = rows.remove(channels.getFirst().id());
                if (row == null) {
                    fresh.add(channels);
                } else {
                    watched.add(
                            new WatchedSeries(channels, row, supplies.clock().millis()));
                }
            });
        }
        int room = Math.max(0, supplies.properties().watchLimit() - watched.size());
        watched.addAll(watching.begin(id, detector, fresh.subList(0, Math.min(room, fresh.size())), fromNow));
        watched.forEach(one ->
                one.restore(Objects.requireNonNullElse(open.remove(one.first().id()), List.of())));
        watching.end(id, detector, rows.values(), open.values());
        bindings.put(lane, binding);
        route(lane, watched);
        return lane;
    }

    private void route(Lane lane, List<WatchedSeries> watched) {
        boolean isNews = false;
        for (WatchedSeries one : watched) {
            isNews |= routes.add(lane, one);
        }
        lane.schedule();
        if (isNews) {
            background.execute(this::discover); // by other detectors
        }
    }

    /// Ends a lane's work: from now on nothing goes its way.
    void end(Lane lane) {
        bindings.remove(lane);
        routes.remove(lane);
        lane.close();
    }

    /// Hands samples that are on disk to those that watch their series.
    void hand(SampleBatch batch) {
        if (isAsked && routes.hand(batch)) {
            background.execute(this::discover);
        }
    }

    /// Tells those who watch a series that it ends.
    void seriesEnded(long seriesId, long time) {
        routes.end(seriesId, time);
    }

    /// Whether all detectors were asked about all series that samples came of.
    boolean isSettled() {
        return routes.unknown().isEmpty();
    }

    /// Finds out who watches series that came for the first time.
    private void discover() {
        List<Long> ids = routes.unknown();
        changes.lock();
        try {
            List<Series> series = ids.stream()
                    .flatMap(id -> supplies.store().find(id).stream())
                    .toList();
            bindings.forEach((lane, binding) -> discover(lane, binding, series));
            routes.known(ids);
        } finally {
            changes.unlock();
            routes.asked(ids);
        }
    }

    private void discover(Lane lane, Binding binding, List<Series> series) {
        Selector select = lane.detector().select();
        List<List<Series>> units = new ArrayList<>();
        for (Series one : series) {
            int room = supplies.properties().watchLimit() - lane.watched().size() - units.size();
            if (room > 0 && Routes.isOpen(one) && select.matches(one.key()) && !routes.leads(one, lane)) {
                binding.add(one).ifPresent(units::add);
            }
        }
        if (!units.isEmpty()) {
            route(lane, watching.begin(lane.id(), lane.detector(), units, false));
        }
    }
}
