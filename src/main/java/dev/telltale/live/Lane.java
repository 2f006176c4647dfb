package dev.telltale.live;

import dev.telltale.models.RowQuery;
import dev.telltale.models.RowScorer;
import dev.telltale.models.ScoredRow;
import dev.telltale.models.SeriesScale;
import dev.telltale.models.WindowShape;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import dev.telltale.signal.GapPolicy;
import dev.telltale.signal.Grid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
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
import java.util.stream.Collectors;
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

    /// Rows of one series that may wait in memory; with more it is read from the store, which is quicker.
    private static final int MOST_WAITING_ROWS = 16;

    /// Rows that are read from the store at once.
    private static final int SLICE = 4_096;

    /// Series that are looked at in one turn, so that those that are held do not wait long.
    private static final int MOST_LOADS = 256;

    /// Windows of false alarms that are remembered of a series, those of the newest.
    private static final int MOST_MUTED_WINDOWS = 64;

    /// False alarms of all series that are remembered, the newest.
    private static final int MOST_FALSE_ALARMS = 10_000;

    private static final long FROM_THE_START = Long.MIN_VALUE;

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
    private final Map<WatchedSeries, Long> toLoad = new LinkedHashMap<>(); // with the row to go on from
    private Optional<Map<Long, List<Anomaly>>> falseAlarms = Optional.empty(); // by series; empty before they are read
    private final Set<WatchedSeries> touched = new LinkedHashSet<>(); // by commands of this turn
    private final Set<WatchedSeries> toLearn = new HashSet<>(); // anew, if there are rows enough

    Lane(long id, Detector detector, Supplies supplies) {
        this.id = id;
        this.detector = detector;
        this.supplies = supplies;
        this.arrivals = new Arrivals(supplies.properties().pending());
        this.alarm = new Alarm(detector, supplies.findings()::nextId);
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
            return arrivals.isEmpty() && toLoad.isEmpty() && commands.isEmpty();
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
                behindSince = toLoad.isEmpty() ? 0 : behindSince == 0 ? System.nanoTime() : behindSince;
            }
        } finally {
            working.unlock();
        }
        if (!arrivals.isEmpty() || !commands.isEmpty() || (!toLoad.isEmpty() && failure.isEmpty())) {
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
            Turn turn = new Turn(scorer, concerned);
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
                    toLoad.put(series, FROM_THE_START);
                }
            }
        } catch (RuntimeException again) {
            LOG.debug("What detector '{}' has stored cannot be read either", detector.name(), again);
            concerned.forEach(series -> {
                series.letGo();
                series.doubt();
                toLoad.put(series, FROM_THE_START);
            });
        }
        supplies.later().execute(this::schedule);
    }

    /// Somebody deleted one of its series. What is open of it ends with the next transaction.
    private void forget(WatchedSeries series) {
        alarm.endAll(series);
        watched.remove(series.first().id());
        toLoad.remove(series);
        toLearn.remove(series);
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
                            latest(series.kept().since(), series.status().scoredThrough())));
        }
    }

    /// Another version judges by other windows and errors: all is looked at anew, and what is open ends.
    private void adopt(RowScorer scorer) {
        if (version != 0 && version != scorer.version()) {
            for (WatchedSeries series : watched.values()) {
                alarm.end(series);
                series.change(series.kept()
                        .anew(latest(series.kept().since(), series.status().scoredThrough())));
                touched.add(series);
                series.letGo();
                toLoad.put(series, FROM_THE_START);
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
                if (series.isSilentFor(Math.max(gap, MOST_WAITING_ROWS * grid.interval()), now)) {
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

    /// Somebody said what an anomaly was: false alarms are not raised again, and what a series has learned is
    /// learned anew with the annotations that came of it.
    void feedback(Anomaly anomaly) {
        watched(anomaly.parts().getFirst().series().id())
                .ifPresent(series -> submit(() -> {
                    series.open(series.open().map(open -> open.id() == anomaly.id() ? anomaly : open));
                    falseAlarms = Optional.empty();
                    series.letGo();
                    toLearn.add(series);
                    toLoad.put(series, FROM_THE_START);
                }));
    }

    private boolean learns(WatchedSeries series, RowScorer scorer) {
        return switch (detector.scale()) {
            case MODEL -> false;
            case SERIES -> true;
            case AUTO -> {
                List<SeriesKey> keys =
                        series.channels().stream().map(Series::key).toList();
                yield !keys.equals(scorer.sources());
            }
        };
    }

    /// Rows from one to another, by their numbers on the grid.
    private record Span(long first, long last) {

        Span and(Span other) {
            return new Span(Math.min(first, other.first), Math.max(last, other.last));
        }
    }

    /// What one turn of the worker does.
    private final class Turn {

        private final RowScorer scorer;
        private final Set<WatchedSeries> concerned;
        private final Map<WatchedSeries, RowQuery> queries = new LinkedHashMap<>();
        private final Map<WatchedSeries, RowQuery> again = new LinkedHashMap<>(); // rows that late samples changed
        private int rows;

        /// @param concerned is told of all series whose state in memory changes
        private Turn(RowScorer scorer, Set<WatchedSeries> concerned) {
            this.scorer = scorer;
            this.concerned = concerned;
        }

        private void take(Arrivals.Taken taken) {
            long now = supplies.clock().millis();
            Map<WatchedSeries, Long> changed = new LinkedHashMap<>(); // the first row that is new or other
            Map<WatchedSeries, Span> late = new LinkedHashMap<>();
            for (int i = 0; i < taken.count(); i++) {
                if (taken.time(i) > supplies.horizon()) {
                    continue; // all real samples would count as late
                }
                WatchedSeries series = taken.series(i);
                concerned.add(series);
                series.arrived(now, taken.time(i));
                alarm.heard(series, taken.time(i));
                if (series.isHeld()) {
                    put(series, taken.channel(i), taken.time(i), taken.value(i), changed, late);
                } else if (!series.isLearning() || (taken.channel(i) == 0 && series.countToLearn())) {
                    OptionalLong scored = series.status().scoredThrough();
                    if (scored.isPresent() && taken.time(i) <= scored.getAsLong()) {
                        series.doubt(); // it came late, between two looks at the store
                    }
                    toLoad.putIfAbsent(series, FROM_THE_START);
                }
            }
            taken.missed().forEach((series, earliest) -> {
                concerned.add(series);
                if (earliest > Long.MIN_VALUE) {
                    series.arrived(now, earliest);
                    alarm.heard(series, earliest);
                }
                OptionalLong scored = series.status().scoredThrough();
                if (scored.isPresent() && earliest <= scored.getAsLong()) {
                    series.doubt();
                }
                series.letGo();
                toLoad.put(series, FROM_THE_START);
            });
            changed.forEach(this::ask);
            late.forEach(this::askAgain);
        }

        private void put(
                WatchedSeries series,
                int channel,
                long time,
                double value,
                Map<WatchedSeries, Long> changed,
                Map<WatchedSeries, Span> late) {
            RecentRows rowsOfChannel = series.recent().get(channel);
            Grid grid = series.basis().grid();
            long row = grid.rowAt(time);
            switch (rowsOfChannel.put(time, value)) {
                case NEW_ROW -> {
                    changed.merge(series, row, Math::min);
                    boolean othersLag = series.channels().size() > 1 && row - series.judgedRow() > MOST_WAITING_ROWS;
                    if (othersLag || row - changed.getOrDefault(series, row) >= MOST_WAITING_ROWS) {
                        readAgain(series, changed);
                    }
                }
                case SAME_ROW -> changed.merge(series, row, Math::min);
                case LATE -> {
                    long newest = grid.rowAt(rowsOfChannel.newest());
                    if (rowsOfChannel.newest() - time
                            > supplies.properties().lateness().toMillis()) {
                        supplies.meters().tooLate();
                    } else if (row <= series.judgedRow()) {
                        late.merge(series, new Span(row, row), Span::and);
                    } else if (series.judgedRow() != Long.MIN_VALUE
                            && newest - series.judgedRow() <= MOST_WAITING_ROWS) {
                        changed.merge(series, row, Math::min);
                    } else {
                        readAgain(series, changed); // it may complete windows that reach further back than what is held
                    }
                }
                case KNOWN -> {
                    // the same sample again
                }
            }
        }

        private void readAgain(WatchedSeries series, Map<WatchedSeries, Long> changed) {
            changed.remove(series);
            series.letGo();
            toLoad.put(series, FROM_THE_START);
        }

        /// Rows from the first that is not judged, or has changed, to the newest.
        private void ask(WatchedSeries series, long firstChanged) {
            if (!series.isHeld()) {
                return;
            }
            WatchedSeries.Basis basis = series.basis();
            long first = series.judgedRow() == Long.MIN_VALUE
                    ? Long.MIN_VALUE
                    : basis.grid().timeOf(Math.min(firstChanged, series.judgedRow() + 1));
            queries.put(
                    series,
                    new RowQuery(
                            series.recentSamples(),
                            basis.grid(),
                            basis.scale(),
                            Math.max(first, afterSince(series)),
                            Long.MAX_VALUE));
            rows++;
        }

        /// Rows that were judged before late samples came, from the first of these to the last that depends on one.
        private void askAgain(WatchedSeries series, Span late) {
            if (!series.isHeld()) {
                series.doubt(); // it is about to be read from the store
                return;
            }
            long last = Math.min(late.last() + scorer.rowsOn(), series.judgedRow());
            again.put(series, stored(series, late.first(), last));
        }

        private static long afterSince(WatchedSeries series) {
            OptionalLong since = series.kept().since();
            return since.isPresent() ? since.getAsLong() + 1 : Long.MIN_VALUE;
        }

        /// Rows with all that they depend on, read from the store; none that is not to be judged.
        private RowQuery stored(WatchedSeries series, long firstRow, long lastRow) {
            Grid grid = series.basis().grid();
            return stored(series, firstRow, lastRow, Math.max(grid.timeOf(firstRow), afterSince(series)));
        }

        /// @param first time of the first row to judge
        private RowQuery stored(WatchedSeries series, long firstRow, long lastRow, long first) {
            Grid grid = series.basis().grid();
            long from = grid.timeOf(firstRow - scorer.rowsBack() - 1) + 1;
            long to = Math.min(grid.timeOf(lastRow + GapPolicy.LONGEST + 1), supplies.horizon());
            List<Samples> samples = series.channels().stream()
                    .map(channel -> supplies.store().read(channel.id(), from, to))
                    .toList();
            return new RowQuery(samples, grid, series.basis().scale(), first, grid.timeOf(lastRow));
        }

        /// Goes on with series that are to be read from the store, each for one slice of rows.
        private void load() {
            Iterator<Map.Entry<WatchedSeries, Long>> entries = toLoad.entrySet().iterator();
            Map<WatchedSeries, Long> unfinished = new LinkedHashMap<>();
            for (int loads = 0; entries.hasNext() && loads < MOST_LOADS && rows < SLICE; loads++) {
                Map.Entry<WatchedSeries, Long> entry = entries.next();
                entries.remove();
                WatchedSeries series = entry.getKey();
                concerned.add(series);
                OptionalLong onwards =
                        entry.getValue() == FROM_THE_START ? begin(series) : OptionalLong.of(entry.getValue());
                if (onwards.isPresent()) {
                    OptionalLong next = slice(series, onwards.getAsLong());
                    if (next.isPresent()) {
                        unfinished.put(series, next.getAsLong());
                    } else if (series.isDoubtful()) {
                        unfinished.put(series, FROM_THE_START); // a late sample came between its slices
                    }
                }
            }
            toLoad.putAll(unfinished);
        }

        /// Finds out on what basis a series is judged.
        ///
        /// @return the first row to look at; empty if it has to learn first
        private OptionalLong begin(WatchedSeries series) {
            OptionalLong mark = latest(
                    series.kept().since(), supplies.store().newest(series.kept().scores()));
            mark = latest(mark, series.status().scoredThrough()); // also where somebody deleted the scores
            boolean learns = learns(series, scorer);
            boolean hasLearned = series.kept().version() == scorer.version();
            boolean isToLearn = toLearn.remove(series) || !hasLearned;
            if (learns && isToLearn && !learn(series, mark) && !hasLearned) {
                return OptionalLong.empty();
            }
            mark = latest(series.kept().since(), mark);
            Grid grid = learns
                    ? new Grid(scorer.grid().interval(), series.kept().origin().orElseThrow())
                    : scorer.grid();
            Optional<SeriesScale> scale = learns ? series.kept().scale() : Optional.empty();
            series.begin(new WatchedSeries.Basis(grid, scale), mark, detector.policy());
            if (!series.alarm().state().alarming()) {
                alarm.end(series); // of another version's rows
            }
            mute(series);
            boolean isInDoubt = series.takeDoubt();
            if (mark.isPresent()) {
                long rowsInDoubt = isInDoubt ? supplies.properties().lateness().toMillis() / grid.interval() : 0;
                return OptionalLong.of(grid.rowAt(mark.getAsLong()) + 1 - Math.min(rowsInDoubt, SLICE));
            }
            OptionalLong first = supplies.firstSample(series.first().id(), Long.MIN_VALUE);
            if (first.isEmpty()) {
                series.hold(
                        series.channels().stream()
                                .map(channel -> Samples.empty())
                                .toList(),
                        kept());
                return OptionalLong.empty();
            }
            return OptionalLong.of(grid.rowAt(first.getAsLong()));
        }

        /// Learns the scale of a series; false if it has too few rows.
        private boolean learn(WatchedSeries series, OptionalLong mark) {
            WatchTable.Row kept = series.kept();
            return switch (new Learning(supplies, scorer, series.channels()).learn(kept.origin(), mark)) {
                case Learning.Learned learned -> {
                    series.change(kept.learned(learned.scale(), scorer.version(), learned.origin(), learned.through()));
                    yield true;
                }
                case Learning.Missing(int rowsMissing) -> {
                    if (kept.version() != scorer.version()) {
                        series.learnAfter(rowsMissing);
                    }
                    yield false;
                }
            };
        }

        private Map<Long, List<Anomaly>> falseAlarms() {
            if (falseAlarms.isEmpty()) {
                falseAlarms = Optional.of(supplies.findings().falseAlarms(detector.name(), MOST_FALSE_ALARMS).stream()
                        .filter(anomaly -> anomaly.kind() == Anomaly.Kind.SCORE)
                        .collect(Collectors.groupingBy(
                                anomaly -> anomaly.parts().getFirst().series().id())));
            }
            return falseAlarms.get();
        }

        private void mute(WatchedSeries series) {
            List<WindowShape> windows = new ArrayList<>();
            Grid grid = series.basis().grid();
            for (Anomaly alarm : falseAlarms().getOrDefault(series.first().id(), List.of())) {
                if (windows.size() < MOST_MUTED_WINDOWS) {
                    long firstRow = grid.rowAt(alarm.start());
                    long lastRow = Math.min(grid.rowAt(alarm.end()), firstRow + MOST_MUTED_WINDOWS);
                    RowQuery query = stored(series, firstRow, lastRow, grid.timeOf(firstRow));
                    scorer.shapes(query).stream()
                            .limit(MOST_MUTED_WINDOWS - (long) windows.size())
                            .forEach(windows::add);
                }
            }
            series.muted(windows);
        }

        /// Judges a slice of stored rows. The last one leaves the series held.
        ///
        /// @return the row to go on from, if there are more
        private OptionalLong slice(WatchedSeries series, long firstRow) {
            Grid grid = series.basis().grid();
            long lastRow = firstRow + SLICE - 1;
            OptionalLong beyond = firstBeyond(series, grid.timeOf(lastRow));
            RowQuery query = stored(series, firstRow, lastRow);
            if (beyond.isEmpty()) {
                // What comes while this is read is told once more, and known then.
                series.hold(query.channels(), kept());
            }
            queries.put(
                    series,
                    new RowQuery(
                            query.channels(),
                            grid,
                            query.scale(),
                            query.first(),
                            beyond.isEmpty() ? Long.MAX_VALUE : query.last()));
            rows += query.channels().getFirst().count();
            return beyond.isEmpty() ? OptionalLong.empty() : OptionalLong.of(grid.rowAt(beyond.getAsLong()));
        }

        private OptionalLong firstBeyond(WatchedSeries series, long time) {
            OptionalLong newest = supplies.store().newest(series.first().id());
            OptionalLong next = newest.isPresent() && newest.getAsLong() > time
                    ? supplies.firstSample(series.first().id(), time + 1)
                    : OptionalLong.empty();
            return next.isPresent() && next.getAsLong() > supplies.horizon() ? OptionalLong.empty() : next;
        }

        private int kept() {
            return scorer.rowsBack() + MOST_WAITING_ROWS;
        }

        private void commit() {
            Transaction transaction = new Transaction(id, detector, supplies, alarm);
            Iterator<List<ScoredRow>> scored =
                    scorer.score(List.copyOf(queries.values())).iterator();
            queries.forEach((series, query) -> judge(series, query, scored.next(), transaction));
            transaction.commit(concerned);
            if (!again.isEmpty()) {
                Transaction corrections = new Transaction(id, detector, supplies, alarm);
                Iterator<List<ScoredRow>> corrected =
                        scorer.score(List.copyOf(again.values())).iterator();
                again.keySet().forEach(series -> corrected.next().forEach(row -> corrections.add(series, row, false)));
                corrections.commit(Set.of());
            }
        }

        private void judge(WatchedSeries series, RowQuery query, List<ScoredRow> scored, Transaction transaction) {
            for (ScoredRow row : scored) {
                long number = query.grid().rowAt(row.time());
                boolean isNew = number > series.judgedRow();
                transaction.add(series, row, isNew);
                if (number >= series.judgedRow()) {
                    alarm.row(series, row, scorer, query); // of the newest row again, since it may have another value
                    series.judged(number, row.score().orElseThrow());
                }
            }
        }
    }

    private static OptionalLong latest(OptionalLong one, OptionalLong other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isPresent() ? one : other;
        }
        return OptionalLong.of(Math.max(one.getAsLong(), other.getAsLong()));
    }
}
