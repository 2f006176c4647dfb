package dev.telltale.live;

import dev.telltale.detection.AlarmPolicy;
import dev.telltale.detection.Watch;
import dev.telltale.models.SeriesScale;
import dev.telltale.models.WindowShape;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.signal.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One series that a detector watches, or those that a model of several judges together. All but `status` is
/// touched by its detector's worker alone.
final class WatchedSeries {

    private static final long NONE = Long.MIN_VALUE;

    private final List<Series> channels;
    private final Home home;
    private boolean left;
    private List<OptionalLong> newest = List.of(); // of channels that come to other processes
    private volatile WatchTable.Row kept; // read by who asks for scores
    private boolean unsaved; // whether `kept` is another than on disk
    private boolean doubtful = true;
    private @Nullable Basis basis;
    private List<RecentRows> recent = List.of();
    private long judgedRow = NONE;
    private long readThrough = NONE;
    private Watch alarm = new Watch(AlarmPolicy.DEFAULT, Watch.State.NEW);
    private Optional<Anomaly> open = Optional.empty();
    private Optional<Anomaly> withoutData = Optional.empty();
    private OptionalLong lastEnd = OptionalLong.empty();
    private List<WindowShape> muted = List.of();
    private OptionalLong endedAt;
    private long lastArrival = NONE; // epoch milliseconds
    private int rowsToLearn; // that are missing still; 0 while it does not learn
    private OptionalLong scoredThrough = OptionalLong.empty();
    private OptionalLong storedThrough = OptionalLong.empty(); // the same, on disk
    private OptionalDouble score = OptionalDouble.empty();
    private volatile Status status = Status.NEW;

    /// On what it is judged.
    ///
    /// @param scale that it has learned, absent where the model's counts
    record Basis(Grid grid, Optional<SeriesScale> scale) {}

    /// What others may know of it.
    ///
    /// @param missing rows until it has learned enough
    /// @param scoredThrough time through which its rows are judged, or count as past; absent for a new series
    /// @param score of the newest row since it is watched by this process, absent before the first
    /// @param grid on which its rows lie, null before it is known
    record Status(
            State state,
            int missing,
            OptionalLong scoredThrough,
            OptionalDouble score,
            @Nullable Grid grid) {

        static final Status NEW = new Status(State.LOADING, 0, OptionalLong.empty(), OptionalDouble.empty(), null);
    }

    /// How far it has come.
    enum State {
        /// What is stored of it is being looked at.
        LOADING,
        /// It has too few rows to learn its scale.
        WARMING,
        /// Its rows get scores as they arrive.
        WATCHING,
        /// No samples came for the time that its detector allows.
        NO_DATA,
        /// Its sender has said that no more come.
        ENDED,
    }

    /// @param now epoch milliseconds: it is not silent before that
    WatchedSeries(List<Series> channels, WatchTable.Row kept, Home home, long now) {
        this.channels = List.copyOf(channels);
        this.home = home;
        this.kept = kept;
        this.endedAt = kept.endedAt();
        this.lastArrival = now;
    }

    List<Series> channels() {
        return channels;
    }

    Series first() {
        return channels.getFirst();
    }

    Home home() {
        return home;
    }

    /// Another process scores it from now on.
    void leave() {
        left = true;
    }

    /// Whether another process scores it: nothing of it is to be stored.
    boolean isLeft() {
        return left;
    }

    /// Whether the newest samples of its channels are other ones than at the last call.
    boolean isNewsOf(List<OptionalLong> times) {
        boolean isNews = !newest.equals(times);
        newest = times;
        return isNews;
    }

    WatchTable.Row kept() {
        return kept;
    }

    /// Knows something else from now on; it goes to disk with the next transaction.
    void change(WatchTable.Row row) {
        kept = row;
        unsaved = true;
    }

    /// What is to go to disk, with the alarm as it stands; empty if that is there already.
    Optional<WatchTable.Row> toSave() {
        boolean isAsKept = endedAt.equals(kept.endedAt());
        if (basis != null) {
            Watch.State state = alarm.state();
            boolean counts = state.counted() != 0 || state.alarming();
            boolean counted = kept.alarm().counted() != 0 || kept.alarm().alarming();
            if (counts || counted || !lastEnd.equals(kept.lastEnd()) || !isAsKept) {
                return Optional.of(kept.with(state, lastEnd, endedAt));
            }
        }
        return unsaved || !isAsKept ? Optional.of(kept.with(kept.alarm(), kept.lastEnd(), endedAt)) : Optional.empty();
    }

    /// Starts anew from what is on disk.
    ///
    /// @param onDisk its open anomalies
    void restore(List<Anomaly> onDisk) {
        scoredThrough = storedThrough;
        letGo();
        doubt();
        open = onDisk.stream()
                .filter(anomaly -> anomaly.kind() == Anomaly.Kind.SCORE)
                .findFirst();
        withoutData = onDisk.stream()
                .filter(anomaly -> anomaly.kind() == Anomaly.Kind.NO_DATA)
                .findFirst();
    }

    /// The scores so far are on disk.
    void stored() {
        if (!storedThrough.equals(scoredThrough)) {
            storedThrough = scoredThrough;
            tell();
        }
    }

    /// Takes over what a transaction has stored.
    void saved(WatchTable.Row row) {
        kept = row;
        unsaved = false;
    }

    /// Samples may have come late of which nothing is known in memory.
    void doubt() {
        doubtful = true;
    }

    boolean isDoubtful() {
        return doubtful;
    }

    /// Whether that is so, which the caller sees to.
    boolean takeDoubt() {
        boolean was = doubtful;
        doubtful = false;
        return was;
    }

    Status status() {
        return status;
    }

    /// Starts from what is on disk, to be judged on this basis.
    ///
    /// @param judgedThrough time of the last row that counts as judged
    void begin(Basis newBasis, OptionalLong judgedThrough, AlarmPolicy policy) {
        basis = newBasis;
        recent = List.of();
        judgedRow = judgedThrough.isPresent() ? newBasis.grid().rowAt(judgedThrough.getAsLong()) : NONE;
        readThrough = judgedRow;
        boolean fits = kept.alarm().lastRow() <= judgedRow; // else its rows lie on another grid, or their scores went
        alarm = new Watch(policy, fits ? kept.alarm() : Watch.State.NEW);
        lastEnd = kept.lastEnd();
        rowsToLearn = 0;
        scoredThrough = judgedThrough;
        storedThrough = judgedThrough;
        tell();
    }

    /// Its grid and scale; only after `begin`.
    Basis basis() {
        if (basis == null) {
            throw new IllegalStateException("series " + first().id() + " is not looked at yet");
        }
        return basis;
    }

    /// Holds its newest rows from now on, so that samples can be judged as they arrive.
    ///
    /// @param newest samples of each channel, as far back as needed
    void hold(List<Samples> newest, int rowsBack) {
        List<RecentRows> rows = new ArrayList<>();
        for (Samples samples : newest) {
            RecentRows held = new RecentRows(basis().grid(), rowsBack);
            for (int i = 0; i < samples.count(); i++) {
                held.put(samples.time(i), samples.value(i));
            }
            rows.add(held);
        }
        recent = List.copyOf(rows);
        tell();
    }

    /// Whether its newest rows are held.
    boolean isHeld() {
        return !recent.isEmpty();
    }

    List<RecentRows> recent() {
        return recent;
    }

    List<Samples> recentSamples() {
        return recent.stream().map(RecentRows::samples).toList();
    }

    /// Lets go of what is held: it is read from disk before samples are judged again.
    void letGo() {
        basis = null;
        recent = List.of();
        rowsToLearn = 0;
        tell();
    }

    /// Waits until so many more rows have come.
    void learnAfter(int rows) {
        letGo();
        rowsToLearn = Math.max(rows, 1);
        tell();
    }

    boolean isLearning() {
        return rowsToLearn > 0;
    }

    /// Counts a sample while it learns; true when it is time to look whether there are enough.
    boolean countToLearn() {
        rowsToLearn--;
        tell();
        return rowsToLearn <= 0;
    }

    /// Number of the newest row that counts as judged, `Long.MIN_VALUE` if none does.
    long judgedRow() {
        return judgedRow;
    }

    /// Number of the newest row that was judged before its samples were read from the store the last time: of these
    /// rows a sample may have been stored, and read, without having been told.
    long readThrough() {
        return readThrough;
    }

    /// Time from which its rows are judged; those before count as past.
    long earliest() {
        OptionalLong since = kept.since();
        return since.isPresent() ? since.getAsLong() + 1 : NONE;
    }

    void judged(long row, double newScore) {
        judgedRow = row;
        score = OptionalDouble.of(newScore);
        scoredThrough = OptionalLong.of(basis().grid().timeOf(row));
    }

    Watch alarm() {
        return alarm;
    }

    /// The next row begins anew.
    void forgetRows(AlarmPolicy policy) {
        alarm = new Watch(policy, Watch.State.NEW);
    }

    /// The anomaly that its rows are in.
    Optional<Anomaly> open() {
        return open;
    }

    void open(Optional<Anomaly> anomaly) {
        open = anomaly;
    }

    /// When the last alarm was over, absent before the first.
    OptionalLong lastEnd() {
        return lastEnd;
    }

    void lastEnd(long time) {
        lastEnd = OptionalLong.of(time);
    }

    /// The anomaly that no samples come.
    Optional<Anomaly> withoutData() {
        return withoutData;
    }

    void withoutData(Optional<Anomaly> anomaly) {
        withoutData = anomaly;
        tell();
    }

    /// Windows of false alarms.
    List<WindowShape> muted() {
        return muted;
    }

    void muted(List<WindowShape> windows) {
        muted = List.copyOf(windows);
    }

    /// Notes that a sample came.
    ///
    /// @param time of the sample
    void arrived(long now, long time) {
        lastArrival = now;
        if (endedAt.isPresent() && time > endedAt.getAsLong()) {
            endedAt = OptionalLong.empty();
            tell();
        }
    }

    /// Its sender has said that it ends. Samples from before that may still be on their way.
    void end(long time) {
        endedAt = OptionalLong.of(time);
        tell();
    }

    /// Whether no sample came for longer than this, though its sender has not said why.
    boolean isSilentFor(long millis, long now) {
        return endedAt.isEmpty() && now - lastArrival > millis;
    }

    private void tell() {
        State state = State.LOADING;
        if (withoutData.isPresent()) {
            state = State.NO_DATA;
        } else if (endedAt.isPresent()) {
            state = State.ENDED;
        } else if (rowsToLearn > 0) {
            state = State.WARMING;
        } else if (isHeld()) {
            state = State.WATCHING;
        }
        Grid grid = basis == null ? status.grid() : basis.grid();
        status = new Status(state, rowsToLearn, storedThrough, score, grid);
    }
}
