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
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lanes and the series that they watch: hands them samples, and finds those among new series that their detectors
/// select. Of these it takes the ones that this process scores.
final class Bindings {

    private static final Logger LOG = LoggerFactory.getLogger(Bindings.class);

    private final Supplies supplies;
    private final ReentrantLock changes;
    private final Executor background;
    private final Map<Lane, Binding> bindings = new HashMap<>(); // guarded by changes
    private final Map<Lane, Long> asked = new HashMap<>(); // the last of the series that bindings know; guarded too
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
    static List<SeriesKey> sources(Supplies supplies, ModelName model) {
        try (RowScorer scorer = supplies.scoring().rows(model)) {
            return scorer.sources();
        }
    }

    /// Has a lane watch all that its detector selects and this process scores. What it watches already stays so; the
    /// others go on as they are on disk, or begin.
    ///
    /// @throws dev.telltale.problem.Problem if the model cannot be used; then it watches what it did
    void bind(Lane lane) {
        isAsked = true;
        Detector detector = lane.detector();
        Binding binding = new Binding(sources(supplies, detector.model()));
        // Whoever makes a row finds its series first, so all of these are found below.
        List<WatchTable.Row> known = supplies.watches().of(lane.id());
        Map<Long, WatchTable.Row> rows =
                known.stream().collect(Collectors.toMap(WatchTable.Row::series, Function.identity()));
        Map<Long, List<Anomaly>> open = supplies.openAnomalies(detector.name());
        List<Watching.Unit> fresh = new ArrayList<>();
        List<WatchedSeries> watched = new ArrayList<>();
        long last = 0;
        for (Series series : supplies.store().select(detector.select(), 0, Integer.MAX_VALUE)) {
            last = series.id();
            Optional<List<Series>> channels = Routes.isOpen(series) ? binding.add(series) : Optional.empty();
            if (channels.isPresent()) {
                Series first = channels.get().getFirst();
                Optional<WatchTable.Row> row = Optional.ofNullable(rows.remove(first.id()));
                List<Anomaly> openOfIt = Objects.requireNonNullElse(open.remove(first.id()), List.of());
                supplies.homes()
                        .of(first)
                        .filter(home -> !lane.isWatched(first))
                        .map(home -> new Watching.Unit(channels.get(), home))
                        .ifPresent(unit -> row.ifPresentOrElse(
                                kept -> watched.add(watching.watched(unit, kept, openOfIt)), () -> fresh.add(unit)));
            }
        }
        int room = Math.max(0, supplies.properties().watchLimit() - known.size());
        watched.addAll(watching.begin(lane, fresh.subList(0, Math.min(room, fresh.size()))));
        rows.keySet().removeIf(this::isOfAnother);
        open.keySet().removeIf(this::isOfAnother);
        watching.end(lane, rows.values(), open.values());
        bindings.put(lane, binding);
        asked.put(lane, last);
        route(lane, watched);
    }

    /// Whether a series is there, and what becomes of it is not for this process to say.
    private boolean isOfAnother(long series) {
        return supplies.store()
                .find(series)
                .filter(found -> supplies.homes().of(found).isEmpty())
                .isPresent();
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
        asked.remove(lane);
        routes.removeIf(route -> route.lane() == lane);
        lane.close();
    }

    /// Ends the work of a lane for series that another process scores from now on. Returns when it does nothing more
    /// for them.
    ///
    /// @return those that it watched
    List<WatchedSeries> leave(Lane lane, Predicate<Home> homes) {
        routes.removeIf(
                route -> route.lane() == lane && homes.test(route.watched().home()));
        return lane.leave(homes);
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

    /// Tells those who watch a series that samples of it are in the store.
    ///
    /// @param first time of the first of them
    void seriesChanged(long seriesId, long first) {
        if (isAsked && routes.miss(seriesId, first)) {
            background.execute(this::discover);
        }
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

    /// Finds series of which no samples come to this process, and with which others are complete whose samples do.
    void discoverElsewhere() {
        bindings.forEach((lane, binding) -> {
            if (binding.channels() > 1) {
                List<Series> series = supplies.store()
                        .select(lane.detector().select(), asked.getOrDefault(lane, 0L), Integer.MAX_VALUE);
                if (!series.isEmpty()) {
                    discover(lane, binding, series);
                    asked.put(lane, series.getLast().id());
                }
            }
        });
    }

    private void discover(Lane lane, Binding binding, List<Series> series) {
        Selector select = lane.detector().select();
        List<Watching.Unit> units = new ArrayList<>();
        for (Series one : series) {
            int room = supplies.properties().watchLimit() - lane.watched().size() - units.size();
            if (room > 0 && Routes.isOpen(one) && select.matches(one.key()) && !routes.leads(one, lane)) {
                binding.add(one)
                        .flatMap(channels ->
                                supplies.homes().of(channels.getFirst()).map(home -> new Watching.Unit(channels, home)))
                        .filter(unit -> !lane.isWatched(unit.first()))
                        .ifPresent(units::add);
            }
        }
        begin(lane, units);
    }

    /// Whoever scores a series that is no longer this process's finds it himself, and so does the next lane of a
    /// detector.
    private void begin(Lane lane, List<Watching.Unit> units) {
        List<Watching.Unit> left = units;
        while (!left.isEmpty()) {
            try {
                route(lane, watching.begin(lane, left));
                return;
            } catch (HomeLost lost) {
                LOG.debug(
                        "Detector '{}' does not begin with all new series",
                        lane.detector().name(),
                        lost);
                left = left.stream()
                        .filter(unit -> !unit.home().equals(lost.home()))
                        .toList();
            } catch (Outdated other) {
                LOG.debug("Detector '{}' changes", lane.detector().name(), other);
                return;
            }
        }
    }
}
