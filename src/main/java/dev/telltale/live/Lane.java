package dev.telltale.live;

import dev.telltale.models.RowScorer;
import dev.telltale.series.Series;
import dev.telltale.signal.Grid;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
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
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The work of one detector, done by one worker at a time: takes what has arrived since the last time, scores it
/// together, and stores scores, state and anomalies in one transaction. While that goes to disk the next samples
/// gather, so that a lone sample is scored at once and many share a transaction.
///
/// Whatever fails, nothing is lost: the series concerned are read from the store again, from the row after the
/// newest that has a score.
///
/// Where several processes share the database each has a lane for the detector, which holds the series that this
/// process scores. Before anything goes to disk it is made sure, in the same transaction, that this process still
/// scores them and that the detector is the same; else nothing of it is stored.
final class Lane {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /// How often it is looked for late samples among those that come to other processes: each so many looks.
    private static final int LOOKS_FOR_LATE = 60;

    private final DetectorTable.Row row;
    private final Detector detector;
    private final Supplies supplies;
    private final Keeper keeper;
    private final Arrivals arrivals;
    private final Map<Long, WatchedSeries> watched = new ConcurrentHashMap<>(); // by the first of their series
    private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean retries =
            new AtomicBoolean(); // whether another try after a failure waits for its moment
    private final AtomicBoolean ticks = new AtomicBoolean(); // whether a look for silent series waits
    private final ReentrantLock working = new ReentrantLock();
    private volatile boolean closed;
    private volatile Optional<String> failure = Optional.empty();
    private volatile long behindSince; // as `System.nanoTime` tells it, 0 while nothing is to be read from the store

    // Touched by the worker alone:
    private final Alarm alarm;
    private int version; // of the model, 0 before the first turn
    private final Backlog backlog;
    private final Set<WatchedSeries> touched = new LinkedHashSet<>(); // by commands of this turn
    private final Set<WatchedSeries> forgotten = new LinkedHashSet<>(); // deleted, and still on disk
    private int looks; // at channels that lie elsewhere

    /// Who keeps lanes. He is told on the lane's worker, and returns at once.
    interface Keeper {

        /// The detector is specified anew or deleted: this lane has ended.
        void outdated(Lane lane);

        /// Another process scores the series of a partition: this lane has dropped them.
        void lost(Lane lane, Home home, List<WatchedSeries> dropped);
    }

    Lane(DetectorTable.Row row, Supplies supplies, Keeper keeper) {
        this.row = row;
        this.detector = row.detector();
        this.supplies = supplies;
        this.keeper = keeper;
        this.arrivals = new Arrivals(supplies.properties().pending());
        this.alarm = new Alarm(detector, supplies.findings()::nextId);
        this.backlog = new Backlog(detector, supplies, alarm);
    }

    long id() {
        return row.id();
    }

    /// Of the detector, as this lane serves it.
    long revision() {
        return row.revision();
    }

    /// Whether it serves the detector as it is kept.
    boolean serves(DetectorTable.Row kept) {
        return kept.id() == id() && kept.revision() == revision();
    }

    Detector detector() {
        return detector;
    }

    Collection<WatchedSeries> watched() {
        return watched.values();
    }

    /// Whether it watches a series, the first of those that are judged together.
    boolean isWatched(Series first) {
        return watched.containsKey(first.id());
    }

    /// One that it watches, by the first of those that are judged together.
    Optional<WatchedSeries> watched(long first) {
        return Optional.ofNullable(watched.get(first));
    }

    int pending() {
        return arrivals.count();
    }

    /// Samples that wait, by the partition of their series.
    Map<Integer, Integer> pendingByPartition() {
        return arrivals.countByPartition();
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
        arrivals.addMissed(series, Long.MIN_VALUE);
    }

    /// A sample that is on disk. `schedule` comes when the batch is through.
    void arrived(WatchedSeries series, int channel, long time, double value) {
        arrivals.add(series, channel, time, value);
    }

    /// Samples are on disk that do not come here.
    ///
    /// @param first time of the first of them
    void missed(WatchedSeries series, long first) {
        arrivals.addMissed(series, first);
        schedule();
    }

    /// The sender of a series has said that it ends.
    void ended(WatchedSeries series, long time) {
        submit(() -> {
            OptionalLong newest = supplies.store().newest(series.first().id());
            boolean wentOn = newest.isPresent() && newest.getAsLong() > time;
            if (!wentOn && !series.isLeft()) {
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
        if (ticks.compareAndSet(false, true)) { // the one before may wait for the database
            submit(() -> {
                ticks.set(false);
                findSilent();
                lookAtOthers();
            });
        }
    }

    /// What people said of anomalies is read anew, since it may be more than is known here.
    void readFeedback() {
        submit(() -> watched.values().forEach(this::learnAgain));
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

    /// Drops series that another process scores from now on. What goes on with them is on disk. Returns once the worker
    /// does nothing more for them.
    ///
    /// @return those that it watched
    List<WatchedSeries> leave(Predicate<Home> homes) {
        working.lock();
        try {
            return drop(homes);
        } finally {
            working.unlock();
        }
    }

    private List<WatchedSeries> drop(Predicate<Home> homes) {
        List<WatchedSeries> dropped = Stream.concat(watched.values().stream(), forgotten.stream())
                .filter(series -> homes.test(series.home()))
                .toList();
        for (WatchedSeries series : dropped) {
            series.leave();
            watched.remove(series.first().id(), series);
            backlog.remove(series);
            touched.remove(series);
            forgotten.remove(series);
        }
        return dropped;
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
        // After a failure it goes on in a moment, and not at once: the database may be gone for long.
        if (failure.isEmpty() && (!arrivals.isEmpty() || !commands.isEmpty() || !backlog.isEmpty())) {
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
            turn.commit(forgotten);
            forgotten.clear();
            if (taken.count() > 0) {
                supplies.meters().stored(Duration.ofNanos(System.nanoTime() - taken.since()));
            }
            if (failure.isPresent()) {
                LOG.info("Detector '{}' scores again", detector.name());
                failure = Optional.empty();
            }
        } catch (Outdated other) {
            end();
        } catch (HomeLost lost) {
            LOG.info("Detector '{}': {}", detector.name(), lost.getMessage());
            keeper.lost(this, lost.home(), drop(lost.home()::equals));
            restore(all(concerned, taken));
        } catch (RuntimeException | Error e) { // after either the samples must not be forgotten
            failed(all(concerned, taken), e);
        }
    }

    /// The detector is another one now.
    private void end() {
        closed = true;
        keeper.outdated(this);
    }

    /// The series of which memory may be ahead of the disk.
    private Set<WatchedSeries> all(Set<WatchedSeries> concerned, Arrivals.Taken taken) {
        Set<WatchedSeries> all = new LinkedHashSet<>(concerned);
        for (int i = 0; i < taken.count(); i++) {
            all.add(taken.series(i));
        }
        all.addAll(taken.missed().keySet());
        all.addAll(touched);
        all.removeIf(WatchedSeries::isLeft);
        return all;
    }

    private void failed(Set<WatchedSeries> concerned, Throwable e) {
        supplies.meters().failed();
        if (failure.isEmpty()) {
            LOG.warn("Detector '{}' cannot score or store now and tries again: {}", detector.name(), e.getMessage(), e);
        }
        failure = Optional.of(String.valueOf(e.getMessage()));
        if (retries.compareAndSet(false, true)) {
            supplies.later().execute(() -> {
                retries.set(false);
                schedule();
            });
        }
        restore(concerned);
    }

    /// What is in memory may be ahead of the disk: it is read anew.
    private void restore(Set<WatchedSeries> concerned) {
        alarm.takeChanged();
        try {
            if (!supplies.detectors().isCurrent(id(), revision())) { // its scores may be deleted already, and stay so
                end();
                return;
            }
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
            for (WatchedSeries series : forgotten) {
                series.restore(open.getOrDefault(series.first().id(), List.of()));
                alarm.endAll(series);
            }
        } catch (RuntimeException again) {
            LOG.debug("What detector '{}' has stored cannot be read either", detector.name(), again);
            concerned.forEach(series -> {
                series.letGo();
                series.doubt();
                backlog.addFromTheStart(series);
            });
        }
    }

    /// Somebody deleted one of its series. What is open of it ends with the next transaction.
    private void forget(WatchedSeries series) {
        alarm.endAll(series);
        watched.remove(series.first().id(), series);
        backlog.remove(series);
        forgotten.add(series);
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

    /// Of some series one channel comes to this process and another does not: it is asked for.
    private void lookAtOthers() {
        boolean mayBeLate = ++looks % LOOKS_FOR_LATE == 0;
        List<WatchedSeries> divided = watched.values().stream()
                .filter(series ->
                        series.channels().size() > 1 && !supplies.homes().holds(series.channels()))
                .toList();
        Iterator<OptionalLong> newest = supplies.store()
                .newest(divided.stream()
                        .flatMap(series -> series.channels().stream())
                        .map(Series::id)
                        .toList())
                .iterator();
        for (WatchedSeries series : divided) {
            boolean isNews = series.isNewsOf(
                    series.channels().stream().map(channel -> newest.next()).toList());
            if (mayBeLate) {
                series.doubt();
            }
            if (isNews || mayBeLate) {
                series.letGo();
                touched.add(series);
                backlog.addFromTheStart(series);
            }
        }
    }

    /// Somebody said what an anomaly was.
    void feedback(Anomaly anomaly) {
        watched(anomaly.parts().getFirst().series().id())
                .ifPresent(series -> submit(() -> {
                    series.open(series.open().map(open -> open.id() == anomaly.id() ? open.as(anomaly) : open));
                    learnAgain(series);
                }));
    }

    private void learnAgain(WatchedSeries series) {
        if (!series.isLeft()) {
            series.letGo();
            backlog.addToLearn(series);
        }
    }
}
