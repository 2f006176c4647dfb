package dev.telltale.live;

import dev.telltale.models.RowScorer;
import dev.telltale.signal.Grid;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The work of one detector, done by one worker at a time: takes what has arrived since the last time, scores it
/// together, and stores scores, state and anomalies in one transaction. While that goes to disk the next samples
/// gather, so that a lone sample is scored at once and many share a transaction.
///
/// Whatever fails, nothing is lost: the series concerned are read from the store again, from the row after the
/// newest that has a score.
final class Lane {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final long id;
    private final Detector detector;
    private final Supplies supplies;
    private final Arrivals arrivals;
    private final Map<Long, WatchedSeries> watched = new ConcurrentHashMap<>(); // by the first of their series
    private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ReentrantLock working = new ReentrantLock();
    private volatile boolean closed;
    private volatile Optional<String> failure = Optional.empty();
    private volatile long behindSince; // as `System.nanoTime` tells it, 0 while nothing is to be read from the store

    // Touched by the worker alone:
    private final Alarm alarm;
    private int version; // of the model, 0 before the first turn
    private final Backlog backlog;
    private final Set<WatchedSeries> touched = new LinkedHashSet<>(); // by commands of this turn

    Lane(long id, Detector detector, Supplies supplies) {
        this.id = id;
        this.detector = detector;
        this.supplies = supplies;
        this.arrivals = new Arrivals(supplies.properties().pending());
        this.alarm = new Alarm(detector, supplies.findings()::nextId);
        this.backlog = new Backlog(detector, supplies, alarm);
    }

    long id() {
        return id;
    }

    Detector detector() {
        return detector;
    }

    Collection<WatchedSeries> watched() {
        return watched.values();
    }

    Optional<WatchedSeries> watched(long seriesId) {
        WatchedSeries first = watched.get(seriesId);
        return first != null
                ? Optional.of(first)
                : watched.values().stream()
                        .filter(one -> one.channels().stream().anyMatch(series -> series.id() == seriesId))
                        .findFirst();
    }

    int pending() {
        return arrivals.count();
    }

    /// Whether nothing waits, and the worker does nothing for this detector.
    boolean isIdle() {
        if (!arrivals.isEmpty() || scheduled.get() || !working.tryLock()) {
            return false;
        }
        try {
            return arrivals.isEmpty() && backlog.isEmpty() && commands.isEmpty();
        } finally {
            working.unlock();
        }
    }

    /// How long the oldest sample that waits has waited, in memory or in the store.
    double lagSeconds() {
        long since = behindSince;
        return Math.max(arrivals.ageNanos(), since == 0 ? 0 : System.nanoTime() - since) / 1e9;
    }

    /// What went wrong in the last turn.
    Optional<String> failure() {
        return failure;
    }

    /// Watches a series from now on; what is stored of it and not judged is looked at first.
    void watch(WatchedSeries series) {
        watched.put(series.first().id(), series);
        arrivals.addMissed(series);
    }

    /// A sample that is on disk. `schedule` comes when the batch is through.
    void arrived(WatchedSeries series, int channel, long time, double value) {
        arrivals.add(series, channel, time, value);
    }

    /// The sender of a series has said that it ends.
    void ended(WatchedSeries series, long time) {
        submit(() -> {
            OptionalLong newest = supplies.store().newest(series.first().id());
            if (newest.isEmpty() || newest.getAsLong() <= time) { // else it went on after that
                series.end(time);
                alarm.cut(series);
                touched.add(series);
            }
        });
    }

    /// Does something on the worker.
    void submit(Runnable command) {
        commands.add(command);
        schedule();
    }

    void schedule() {
        if (!closed && scheduled.compareAndSet(false, true)) {
            supplies.workers().execute(this::turn);
        }
    }

    /// Looks whether series have gone silent.
    void tick() {
        submit(this::findSilent);
    }

    /// Looks whether series were deleted.
    void findGone() {
        submit(() -> watched.values().stream().filter(supplies::isGone).toList().forEach(this::forget));
    }

    /// Returns once the worker does nothing more for this detector.
    void close() {
        working.lock();
        try {
            closed = true;
        } finally {
            working.unlock();
        }
    }

    /// Ends what is open of series that are no longer watched, or by a model that is another now.
    ///
    /// @return the anomalies that ended
    List<Anomaly> endAll(Collection<WatchedSeries> series) {
        series.forEach(alarm::endAll);
        return alarm.takeChanged();
    }

    private void turn() {
        working.lock();
        try {
            scheduled.set(false);
            if (!closed) {
                work();
                behindSince = backlog.isEmpty() ? 0 : behindSince == 0 ? System.nanoTime() : behindSince;
            }
        } finally {
            working.unlock();
        }
        if (!arrivals.isEmpty() || !commands.isEmpty() || (!backlog.isEmpty() && failure.isEmpty())) {
            schedule();
        }
    }

    private void work() {
        Arrivals.Taken taken = arrivals.take();
        Set<WatchedSeries> concerned = new LinkedHashSet<>();
        try (RowScorer scorer = supplies.scoring().rows(detector.model())) {
            adopt(scorer);
            for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
                command.run();
            }
            concerned.addAll(touched);
            touched.clear();
            Turn turn = new Turn(this, supplies, alarm, backlog, scorer, concerned);
            turn.take(taken);
            turn.load();
            turn.commit();
            if (taken.count() > 0) {
                supplies.meters().stored(Duration.ofNanos(System.nanoTime() - taken.since()));
            }
            if (failure.isPresent()) {
                LOG.info("Detector '{}' scores again", detector.name());
                failure = Optional.empty();
            }
        } catch (RuntimeException | Error e) { // after either the samples must not be forgotten
            for (int i = 0; i < taken.count(); i++) {
                concerned.add(taken.series(i));
            }
            concerned.addAll(taken.missed().keySet());
            concerned.addAll(touched);
            failed(concerned, e);
        }
    }

    /// What was in memory may be ahead of the disk: it is read anew in a moment.
    private void failed(Set<WatchedSeries> concerned, Throwable e) {
        supplies.meters().failed();
        if (failure.isEmpty()) {
            LOG.warn("Detector '{}' cannot score or store now and tries again: {}", detector.name(), e.getMessage(), e);
        }
        failure = Optional.of(String.valueOf(e.getMessage()));
        alarm.takeChanged();
        try {
            Map<Long, List<Anomaly>> open = supplies.openAnomalies(detector.name());
            for (WatchedSeries series : concerned) {
                series.restore(open.getOrDefault(series.first().id(), List.of()));
                if (supplies.isGone(series)) {
                    forget(series);
                } else {
                    restoreScores(series);
                    backlog.addFromTheStart(series);
                }
            }
        } catch (RuntimeException again) {
            LOG.debug("What detector '{}' has stored cannot be read either", detector.name(), again);
            concerned.forEach(series -> {
                series.letGo();
                series.doubt();
                backlog.addFromTheStart(series);
            });
        }
        supplies.later().execute(this::schedule);
    }

    /// Somebody deleted one of its series. What is open of it ends with the next transaction.
    private void forget(WatchedSeries series) {
        alarm.endAll(series);
        watched.remove(series.first().id());
        backlog.remove(series);
    }

    /// Somebody may have deleted them.
    private void restoreScores(WatchedSeries series) {
        long scores = supplies.store()
                .findOrCreate(ScoreSeries.of(detector.name(), series.first().key()))
                .id();
        if (scores != series.kept().scores()) {
            series.change(series.kept()
                    .withScores(
                            scores,
                            Later.of(series.kept().since(), series.status().scoredThrough())));
        }
    }

    /// Another version judges by other windows and errors: all is looked at anew, and what is open ends.
    private void adopt(RowScorer scorer) {
        if (version != 0 && version != scorer.version()) {
            for (WatchedSeries series : watched.values()) {
                alarm.end(series);
                series.change(series.kept()
                        .anew(Later.of(series.kept().since(), series.status().scoredThrough())));
                touched.add(series);
                series.letGo();
                backlog.addFromTheStart(series);
            }
        }
        version = scorer.version();
    }

    private void findSilent() {
        long now = supplies.clock().millis();
        long gap = supplies.properties().incidentGap().toMillis();
        for (WatchedSeries series : watched.values()) {
            Grid grid = series.status().grid();
            if (series.open().isPresent() && grid != null) {
                // Nobody knows whether it goes on: of a series that has stopped it would be open for ever.
                if (series.isSilentFor(Math.max(gap, Turn.MOST_WAITING_ROWS * grid.interval()), now)) {
                    alarm.cut(series);
                    touched.add(series);
                }
            }
            if (detector.noData().isPresent()
                    && series.withoutData().isEmpty()
                    && series.isSilentFor(detector.noData().get().toMillis(), now)) {
                supplies.store().newest(series.first().id()).ifPresent(time -> alarm.silent(series, time, now));
                touched.add(series);
            }
        }
    }

    /// Somebody said what an anomaly was.
    void feedback(Anomaly anomaly) {
        watched(anomaly.parts().getFirst().series().id())
                .ifPresent(series -> submit(() -> {
                    series.open(series.open().map(open -> open.id() == anomaly.id() ? anomaly : open));
                    series.letGo();
                    backlog.addToLearn(series);
                }));
    }
}
