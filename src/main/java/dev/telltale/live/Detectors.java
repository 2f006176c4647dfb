package dev.telltale.live;

import dev.telltale.database.ChangeListener;
import dev.telltale.http.Conditions;
import dev.telltale.problem.Problem;
import dev.telltale.series.PartitionListener;
import dev.telltale.series.SampleBatch;
import dev.telltale.series.SampleListener;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The detectors at work in this process: a lane for each detector that is on disk, which scores those of its series
/// whose partitions this process owns. It follows what changes on disk, by whichever process, and the partitions as
/// they come and go.
final class Detectors implements SampleListener, FeedbackListener, PartitionListener, Lane.Keeper {

    private static final Logger LOG = LoggerFactory.getLogger(Detectors.class);

    private static final int TICKS_TO_LOOK_FOR_DELETED = 60;

    private static final int TICKS_TO_BEGIN_AGAIN = 5;

    private static final int TICKS_TO_TELL = 2;

    private final Supplies supplies;
    private final DetectorChanges table;
    private final Map<DetectorName, Lane> lanes =
            new ConcurrentSkipListMap<>((one, other) -> one.value().compareTo(other.value()));
    private final Set<Lane> held = ConcurrentHashMap.newKeySet(); // those that could not begin, with all or some
    private final ReentrantLock asking = new ReentrantLock(); // held by who changes one on disk, taken before the other
    private final ReentrantLock changes = new ReentrantLock(); // held by who changes what this process does
    private final Bindings bindings;
    private final ScoreDeletion scoreDeletion;
    private final Executor background;
    private final Once binding;
    private final Once beginning;
    private final Once discovering;
    private final Once telling;
    private int ticks; // the clock's thread alone

    /// @param background runs one thing after the other, none on the caller's thread
    Detectors(Supplies supplies, DetectorChanges table, LaneReports reports, Executor background) {
        this.supplies = supplies;
        this.table = table;
        this.bindings = new Bindings(supplies, changes, background);
        this.scoreDeletion = new ScoreDeletion(supplies, asking, background);
        this.background = background;
        this.binding = new Once(background, this::bindAll);
        this.beginning = new Once(background, this::beginAgain);
        this.discovering = new Once(background, this::discoverElsewhere);
        this.telling = new Once(background, () -> reports.write(List.copyOf(lanes.values())));
    }

    /// Goes on with the detectors that are on disk. What was stored and not scored is scored first.
    void start() {
        supplies.homes().listen(this);
        supplies.changes().listen(DetectorChanges.KIND, new ChangeListener() {
            @Override
            public void changed(String subject) {
                surely(() -> follow(new DetectorName(subject)));
            }

            @Override
            public void all() {
                surely(Detectors.this::followAll);
            }
        });
        supplies.changes().listen(Verdicts.CHANGE, new ChangeListener() {
            @Override
            public void changed(String subject) {
                surely(() -> hear(Long.parseLong(subject)));
            }

            @Override
            public void all() {
                lanes.values().forEach(Lane::readFeedback);
            }
        });
        followAll();
    }

    /// Does something in the background, once the database lets it.
    private void surely(Runnable work) {
        background.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.warn("A change of detectors takes effect here in a moment: {}", e.getMessage(), e);
                supplies.later().execute(() -> surely(work));
            }
        });
    }

    /// Does what is to be done since a detector is another one on disk, or none.
    private void follow(DetectorName name) {
        changes.lock();
        try {
            Optional<DetectorTable.Row> row = supplies.detectors().find(name);
            if (row.isPresent()) {
                follow(row.get());
            } else {
                end(name);
            }
        } finally {
            changes.unlock();
        }
    }

    private void followAll() {
        changes.lock();
        try {
            List<DetectorTable.Row> rows = supplies.detectors().all();
            List<DetectorName> names =
                    rows.stream().map(row -> row.detector().name()).toList();
            List.copyOf(lanes.keySet()).stream()
                    .filter(name -> !names.contains(name))
                    .forEach(this::end);
            rows.forEach(this::follow);
        } finally {
            changes.unlock();
        }
    }

    private void follow(DetectorTable.Row row) {
        DetectorName name = row.detector().name();
        Optional<Lane> before = find(name);
        if (before.filter(lane -> lane.serves(row)).isPresent()) {
            return;
        }
        before.ifPresent(bindings::end);
        before.ifPresent(held::remove);
        if (before.filter(lane -> lane.id() != row.id()).isPresent()) {
            supplies.tellOfTheEndOf(name);
        }
        Lane lane = new Lane(row, supplies, this);
        lanes.put(name, lane);
        bind(lane);
    }

    private void end(DetectorName name) {
        Lane lane = lanes.remove(name);
        if (lane != null) {
            held.remove(lane);
            bindings.end(lane);
            supplies.tellOfTheEndOf(name);
        }
    }

    /// Has a lane watch what it is to. One that cannot begin, such as one whose model is damaged, says why, and begins
    /// as soon as it can.
    private void bind(Lane lane) {
        try {
            bindings.bind(lane);
            if (held.remove(lane)) {
                LOG.info("Detector '{}' goes on", lane.detector().name());
            }
        } catch (Outdated | HomeLost soon) {
            LOG.debug("Detector '{}' changes", lane.detector().name(), soon);
            held.add(lane); // if it does not hear of it
        } catch (RuntimeException e) { // the others can
            if (held.add(lane)) {
                LOG.error("Detector '{}' cannot go on: {}", lane.detector().name(), e.getMessage(), e);
            }
            lane.schedule(); // to find out why
        }
    }

    /// Has all lanes watch what they are to since partitions have come.
    private void bindAll() {
        changes.lock();
        try {
            lanes.values().forEach(this::bind);
        } finally {
            changes.unlock();
        }
    }

    /// Begins with those that could not, where they can now.
    private void beginAgain() {
        changes.lock();
        try {
            List.copyOf(held).forEach(this::bind);
        } finally {
            changes.unlock();
        }
    }

    /// Ends all work; what waits is on disk and goes on at the next start.
    void stop() {
        lanes.values().forEach(Lane::close);
    }

    /// The lane of a detector in this process.
    Optional<Lane> find(DetectorName name) {
        return Optional.ofNullable(lanes.get(name));
    }

    Collection<Lane> all() {
        return lanes.values();
    }

    /// Makes a detector, or specifies one anew.
    ///
    /// @return whether there was none
    /// @throws Problem if there is no such model or receiver, the model cannot judge rows as they arrive, or
    ///     there are as many detectors as may be
    boolean put(Detector detector, Conditions conditions) {
        asking.lock();
        try {
            DetectorChanges.Put put = table.put(detector, conditions);
            followAtOnce(detector.name());
            return put == DetectorChanges.Put.MADE;
        } finally {
            asking.unlock();
        }
    }

    /// Ends a detector and forgets its scores; its anomalies stay.
    ///
    /// @throws Problem if there is none of this name
    void delete(DetectorName name, Conditions conditions) {
        asking.lock();
        try {
            List<Long> scores = table.delete(name, conditions);
            followAtOnce(name);
            scoreDeletion.of(scores);
        } finally {
            asking.unlock();
        }
    }

    /// What was asked for is on disk: whatever comes, it was done.
    private void followAtOnce(DetectorName name) {
        try {
            follow(name);
        } catch (RuntimeException e) {
            LOG.warn("The change of detector '{}' takes effect here in a moment", name, e);
            surely(() -> follow(name));
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
    public void changed(long seriesId, long first, long last) {
        bindings.seriesChanged(seriesId, first);
    }

    /// Here at once; the others hear of it in a moment.
    @Override
    public void given(Anomaly anomaly, boolean wasOne) {
        find(anomaly.detector()).ifPresent(lane -> lane.feedback(anomaly));
    }

    private void hear(long anomaly) {
        supplies.findings()
                .find(anomaly)
                .map(JudgedAnomaly::anomaly)
                .ifPresent(judged -> find(judged.detector()).ifPresent(lane -> lane.feedback(judged)));
    }

    @Override
    public void gained(int partition) {
        supplies.homes().gained(partition);
        binding.ask();
    }

    /// What waits is found on disk by who gets the partition.
    @Override
    public void losing(int partition) {
        changes.lock();
        try {
            supplies.homes().losing(partition);
            leave(home -> home.partition() == partition);
        } finally {
            changes.unlock();
        }
    }

    @Override
    public void lost(Lane lane, Home home, List<WatchedSeries> dropped) {
        supplies.tellOfLeft(lane.detector().name(), dropped);
        background.execute(() -> {
            changes.lock();
            try {
                leave(home::equals);
            } finally {
                changes.unlock();
            }
            if (supplies.homes()
                    .of(home.partition())
                    .filter(now -> now.epoch() != home.epoch())
                    .isPresent()) {
                binding.ask(); // it has come back meanwhile
            }
        });
    }

    private void leave(Predicate<Home> homes) {
        for (Lane lane : lanes.values()) {
            supplies.tellOfLeft(lane.detector().name(), bindings.leave(lane, homes));
        }
    }

    @Override
    public void outdated(Lane lane) {
        surely(() -> follow(lane.detector().name()));
    }

    /// Looks whether series have gone silent.
    void tick() {
        lanes.values().forEach(Lane::tick);
        if (++ticks % TICKS_TO_LOOK_FOR_DELETED == 0) {
            lanes.values().forEach(Lane::findGone);
        }
        if (!held.isEmpty() && ticks % TICKS_TO_BEGIN_AGAIN == 0) {
            beginning.ask();
        }
        if (supplies.isShared() && ticks % TICKS_TO_BEGIN_AGAIN == 0) {
            discovering.ask();
        }
        if (supplies.isShared() && ticks % TICKS_TO_TELL == 0) {
            telling.ask();
        }
    }

    private void discoverElsewhere() {
        changes.lock();
        try {
            bindings.discoverElsewhere();
        } finally {
            changes.unlock();
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
