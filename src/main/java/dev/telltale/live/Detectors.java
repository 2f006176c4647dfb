package dev.telltale.live;

import dev.telltale.http.Conditions;
import dev.telltale.http.EntityTag;
import dev.telltale.models.ModelName;
import dev.telltale.models.ModelUse;
import dev.telltale.problem.Problem;
import dev.telltale.series.SampleBatch;
import dev.telltale.series.SampleListener;
import dev.telltale.series.SeriesKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All detectors: makes, changes and ends them, and keeps them on disk.
final class Detectors implements SampleListener, ModelUse, FeedbackListener {

    private static final Logger LOG = LoggerFactory.getLogger(Detectors.class);

    private static final int DELETED_AT_ONCE = 100;

    private static final int TICKS_TO_LOOK_FOR_DELETED = 60;

    private static final int TICKS_TO_BEGIN_AGAIN = 5;

    private final DetectorTable table;
    private final Supplies supplies;
    private final Map<DetectorName, Lane> lanes =
            new ConcurrentSkipListMap<>((one, other) -> one.value().compareTo(other.value()));
    private final Set<Lane> held = ConcurrentHashMap.newKeySet(); // those that could not begin
    private final ReentrantLock changes = new ReentrantLock();
    private final Bindings bindings;
    private final Executor background;
    private int ticks; // the clock's thread alone

    /// @param background runs one thing after the other, none on the caller's thread
    Detectors(DetectorTable table, Supplies supplies, Executor background) {
        this.table = table;
        this.supplies = supplies;
        this.bindings = new Bindings(supplies, changes, background);
        this.background = background;
    }

    /// Goes on with the detectors that are on disk. What was stored and not scored is scored first.
    void start() {
        changes.lock();
        try {
            for (DetectorTable.Row row : table.all()) {
                try {
                    // What came before it was known of here came while the detector watched.
                    List<SeriesKey> sources = bindings.sources(row.detector().model());
                    bind(row.id(), row.detector(), sources, supplies.watches().of(row.id()), false);
                } catch (RuntimeException e) { // the others can
                    LOG.error("Detector '{}' cannot go on: {}", row.detector().name(), e.getMessage(), e);
                    hold(row.id(), row.detector());
                }
            }
        } finally {
            changes.unlock();
        }
    }

    /// Keeps the place of a detector that cannot begin, such as one whose model is damaged. It watches nothing,
    /// says why, and begins as soon as it can.
    private void hold(long id, Detector detector) {
        Lane lane = new Lane(id, detector, supplies);
        lanes.put(detector.name(), lane);
        held.add(lane);
        lane.schedule(); // to find out why
    }

    /// Begins with those that could not, where they can now.
    private void beginAgain() {
        changes.lock();
        try {
            held.removeIf(lane -> lanes.get(lane.detector().name()) != lane); // replaced or deleted
            List.copyOf(held).forEach(this::beginAgain);
        } finally {
            changes.unlock();
        }
    }

    private void beginAgain(Lane lane) {
        boolean isEnded = false;
        try {
            List<SeriesKey> sources = bindings.sources(lane.detector().model());
            bindings.end(lane);
            isEnded = true;
            bind(lane.id(), lane.detector(), sources, supplies.watches().of(lane.id()), false);
            LOG.info("Detector '{}' goes on", lane.detector().name());
        } catch (RuntimeException e) { // its lane says so too
            LOG.debug("Detector '{}' cannot go on yet", lane.detector().name(), e);
            if (isEnded) {
                hold(lane.id(), lane.detector());
            }
        }
    }

    private void bind(
            long id, Detector detector, List<SeriesKey> sources, List<WatchTable.Row> known, boolean fromNow) {
        lanes.put(detector.name(), bindings.bind(id, detector, sources, known, fromNow));
    }

    /// Ends all work; what waits is on disk and goes on at the next start.
    void stop() {
        lanes.values().forEach(Lane::close);
    }

    Optional<Lane> find(DetectorName name) {
        return Optional.ofNullable(lanes.get(name));
    }

    /// @throws Problem if there is none of this name
    Lane get(DetectorName name) {
        return find(name).orElseThrow(() -> notFound(name));
    }

    private static Problem notFound(DetectorName name) {
        return LiveProblem.DETECTOR_NOT_FOUND.because(
                "no detector is named '%s'; GET /api/v1/detectors lists those there are", name);
    }

    Collection<Lane> all() {
        return lanes.values();
    }

    /// Names what is specified of a detector.
    static EntityTag tag(Detector detector) {
        return EntityTag.hashing(DetectorForm.of(detector).toString());
    }

    /// Makes a detector, or specifies one anew.
    ///
    /// @return whether there was none
    /// @throws Problem if there is no such model or receiver, the model cannot judge rows as they arrive, or
    ///     there are as many detectors as may be
    boolean put(Detector detector, Conditions conditions) {
        changes.lock();
        try {
            Optional<Lane> before = find(detector.name());
            conditions.check(before.map(lane -> tag(lane.detector())));
            if (before.isEmpty() && lanes.size() >= supplies.properties().detectorLimit()) {
                throw LiveProblem.DETECTOR_LIMIT.because(
                        "there are %d detectors, as many as telltale.live.detector-limit allows", lanes.size());
            }
            detector.receivers().stream()
                    .filter(receiver -> !supplies.receivers().has(receiver))
                    .findFirst()
                    .ifPresent(receiver -> {
                        throw LiveProblem.RECEIVER_UNKNOWN.because(
                                "there is no receiver '%s'; PUT /api/v1/receivers/%s makes it", receiver, receiver);
                    });
            List<SeriesKey> sources = bindings.sources(detector.model());
            if (before.isPresent() && tag(before.get().detector()).equals(tag(detector))) {
                return false;
            }
            before.ifPresent(bindings::end);
            try {
                replace(before, detector, sources);
            } catch (RuntimeException | Error failed) {
                undo(before, detector.name());
                if (before.isEmpty()) {
                    unmake(detector.name());
                }
                throw failed;
            }
            return before.isEmpty();
        } finally {
            changes.unlock();
        }
    }

    /// Starts a detector in place of what was there.
    private void replace(Optional<Lane> before, Detector detector, List<SeriesKey> sources) {
        boolean sameJudge = before.map(Lane::detector)
                .filter(old -> old.model().equals(detector.model()) && old.scale() == detector.scale())
                .isPresent();
        List<WatchTable.Row> known = before.map(lane -> supplies.watches().of(lane.id())).orElse(List.of()).stream()
                .map(row -> sameJudge ? row : row.anew(supplies.store().newest(row.series())))
                .toList();
        List<Anomaly> over = before.isEmpty() || sameJudge
                ? List.of()
                : before.get().endAll(before.get().watched());
        long id = supplies.database().write(connection -> {
            long saved = table.save(connection, detector);
            supplies.watches().save(connection, saved, known);
            supplies.findings()
                    .store(
                            connection,
                            detector.receivers(),
                            supplies.properties().incidentGap(),
                            over);
            return saved;
        });
        supplies.findings().announceStored();
        bind(id, detector, sources, known, true);
    }

    /// Goes on with what was there, since it could not be replaced or ended.
    private void undo(Optional<Lane> before, DetectorName name) {
        try {
            if (before.isPresent()) {
                Lane lane = before.get();
                supplies.database().write(connection -> table.save(connection, lane.detector()));
                List<WatchTable.Row> known = supplies.watches().of(lane.id());
                bind(
                        lane.id(),
                        lane.detector(),
                        bindings.sources(lane.detector().model()),
                        known,
                        true);
            }
        } catch (RuntimeException again) {
            LOG.error("Detector '{}' could not go on; it does as soon as it can", name, again);
            before.ifPresent(lane -> hold(lane.id(), lane.detector()));
        }
    }

    private void unmake(DetectorName name) {
        lanes.remove(name);
        try {
            table.idOf(name).ifPresent(id -> forget(name, id));
        } catch (RuntimeException again) {
            LOG.error("Detector '{}' was not made, and yet begins at the next start", name, again);
        }
    }

    /// Ends a detector and forgets its scores; its anomalies stay.
    ///
    /// @throws Problem if there is none of this name
    void delete(DetectorName name, Conditions conditions) {
        changes.lock();
        try {
            Optional<Lane> lane = find(name);
            lane.ifPresent(found -> conditions.check(tag(found.detector())));
            OptionalLong id = table.idOf(name); // also of one that could not be started
            if (id.isEmpty()) {
                throw notFound(name);
            }
            List<Long> scores = supplies.watches().of(id.getAsLong()).stream()
                    .map(WatchTable.Row::scores)
                    .toList();
            lane.ifPresent(bindings::end);
            try {
                forget(name, id.getAsLong());
            } catch (RuntimeException | Error failed) {
                undo(lane, name);
                throw failed;
            }
            lanes.remove(name);
            supplies.scoreListeners().forEach(listener -> listener.ended(name));
            background.execute(() -> deleteScores(new ArrayDeque<>(scores)));
        } finally {
            changes.unlock();
        }
    }

    private void forget(DetectorName name, long id) {
        supplies.database().writeFromReserve(connection -> {
            supplies.findings().forget(connection, name);
            DetectorTable.delete(connection, id);
            return true;
        });
        supplies.findings().announceStored();
    }

    /// Some at a time, so that others can be made meanwhile; also one of this name, which may find scores that are
    /// still there and keeps them. Those that cannot be deleted now are tried again in a moment, after the others.
    private void deleteScores(Deque<Long> left) {
        boolean isBusy = false;
        changes.lock();
        try {
            Set<Long> used = lanes.values().stream()
                    .flatMap(lane -> lane.watched().stream())
                    .map(watched -> watched.kept().scores())
                    .collect(Collectors.toSet());
            for (int i = 0; i < DELETED_AT_ONCE && !left.isEmpty() && !isBusy; i++) {
                long id = left.removeFirst();
                if (!used.contains(id) && !isDeleted(id)) {
                    left.addLast(id);
                    isBusy = true; // nobody who changes a detector shall wait for more than one
                }
            }
        } finally {
            changes.unlock();
        }
        if (!left.isEmpty()) {
            Runnable rest = () -> deleteScores(left);
            if (isBusy) {
                supplies.later().execute(() -> background.execute(rest));
            } else {
                background.execute(rest);
            }
        }
    }

    private boolean isDeleted(long scores) {
        try {
            return supplies.store().deleteIfFree(scores);
        } catch (RuntimeException e) {
            LOG.debug("The scores {} cannot be deleted yet", scores, e);
            return false;
        }
    }

    @Override
    public void accepted(SampleBatch batch) {
        bindings.hand(batch);
    }

    @Override
    public void ended(long seriesId, long time) {
        bindings.seriesEnded(seriesId, time);
    }

    @Override
    public Optional<String> userOf(Connection connection, ModelName model) throws SQLException {
        return DetectorTable.userOf(connection, model).map(name -> "detector '" + name + "'");
    }

    @Override
    public void given(Anomaly anomaly, boolean wasOne) {
        find(anomaly.detector()).ifPresent(lane -> lane.feedback(anomaly));
    }

    /// Looks whether series have gone silent.
    void tick() {
        lanes.values().forEach(Lane::tick);
        if (++ticks % TICKS_TO_LOOK_FOR_DELETED == 0) {
            lanes.values().forEach(Lane::findGone);
        }
        if (!held.isEmpty() && ticks % TICKS_TO_BEGIN_AGAIN == 0) {
            background.execute(this::beginAgain);
        }
    }

    int watchedSeries() {
        return lanes.values().stream().mapToInt(lane -> lane.watched().size()).sum();
    }

    /// Whether nothing waits for a score or is being scored.
    boolean isIdle() {
        return bindings.isSettled() && lanes.values().stream().allMatch(Lane::isIdle);
    }

    int pending() {
        return lanes.values().stream().mapToInt(Lane::pending).sum();
    }
}
