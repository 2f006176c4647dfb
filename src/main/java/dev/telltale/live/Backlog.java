package dev.telltale.live;

import dev.telltale.models.RowQuery;
import dev.telltale.models.RowScorer;
import dev.telltale.models.SeriesScale;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.signal.Grid;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The series of a detector that are to be read from the store before their samples can be judged as they arrive:
/// those that it has just begun to watch, that have too few rows to learn from, that fell behind, and all after a
/// failure. Each goes on from the row after the newest that has a score.
final class Backlog {

    /// Rows that are read from the store at once.
    private static final int SLICE = 4_096;

    /// Series that are looked at in one turn, so that those that are held do not wait long.
    private static final int MOST_SERIES = 256;

    private static final long FROM_THE_START = Long.MIN_VALUE;

    private final Detector detector;
    private final Supplies supplies;
    private final Alarm alarm;
    private final Muting muting;
    private final Map<WatchedSeries, Long> waiting = new LinkedHashMap<>(); // with the row to go on from
    private final Set<WatchedSeries> toLearn = new HashSet<>(); // anew, if there are rows enough

    Backlog(Detector detector, Supplies supplies, Alarm alarm) {
        this.detector = detector;
        this.supplies = supplies;
        this.alarm = alarm;
        this.muting = new Muting(supplies, detector.name());
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// Adds a series, if it does not wait already.
    void add(WatchedSeries series) {
        waiting.putIfAbsent(series, FROM_THE_START);
    }

    /// Adds a series, of which nothing that was read so far counts.
    void addFromTheStart(WatchedSeries series) {
        waiting.put(series, FROM_THE_START);
    }

    /// Adds a series of which somebody said what an anomaly was: false alarms are not raised again, and what it has
    /// learned is learned anew with the annotations that came of it.
    void addToLearn(WatchedSeries series) {
        muting.forget();
        toLearn.add(series);
        addFromTheStart(series);
    }

    void remove(WatchedSeries series) {
        waiting.remove(series);
        toLearn.remove(series);
    }

    /// Reads the next slice of rows of some series.
    ///
    /// @param concerned is told of them
    /// @param rows that are to be judged in this turn already
    /// @return what is to be judged
    Map<WatchedSeries, RowQuery> load(RowScorer scorer, Set<WatchedSeries> concerned, int rows) {
        Map<WatchedSeries, RowQuery> queries = new LinkedHashMap<>();
        Map<WatchedSeries, Long> unfinished = new LinkedHashMap<>();
        Iterator<Map.Entry<WatchedSeries, Long>> entries = waiting.entrySet().iterator();
        int judged = rows;
        for (int series = 0; entries.hasNext() && series < MOST_SERIES && judged < SLICE; series++) {
            Map.Entry<WatchedSeries, Long> entry = entries.next();
            entries.remove();
            WatchedSeries one = entry.getKey();
            concerned.add(one);
            OptionalLong onwards =
                    entry.getValue() == FROM_THE_START ? begin(one, scorer) : OptionalLong.of(entry.getValue());
            if (onwards.isPresent()) {
                Slice slice = slice(one, onwards.getAsLong(), scorer);
                queries.put(one, slice.query());
                judged += slice.query().channels().getFirst().count();
                if (slice.next().isPresent()) {
                    unfinished.put(one, slice.next().getAsLong());
                } else if (one.isDoubtful()) {
                    unfinished.put(one, FROM_THE_START); // a late sample came between its slices
                }
            }
        }
        waiting.putAll(unfinished);
        return queries;
    }

    /// Finds out on what basis a series is judged.
    ///
    /// @return the first row to look at; empty if it has to learn first
    private OptionalLong begin(WatchedSeries series, RowScorer scorer) {
        OptionalLong mark = Later.of(
                series.kept().since(), supplies.store().newest(series.kept().scores()));
        mark = Later.of(mark, series.status().scoredThrough()); // also where somebody deleted the scores
        boolean learns = learns(series, scorer);
        boolean hasLearned = series.kept().version() == scorer.version();
        boolean isToLearn = toLearn.remove(series) || !hasLearned;
        if (learns && isToLearn && !learn(series, mark, scorer) && !hasLearned) {
            return OptionalLong.empty();
        }
        mark = Later.of(series.kept().since(), mark);
        Grid grid = learns
                ? new Grid(scorer.grid().interval(), series.kept().origin().orElseThrow())
                : scorer.grid();
        Optional<SeriesScale> scale = learns ? series.kept().scale() : Optional.empty();
        series.begin(new WatchedSeries.Basis(grid, scale), mark, detector.policy());
        if (!series.alarm().state().alarming()) {
            alarm.end(series); // of another version's rows
        }
        series.muted(muting.windows(series, scorer));
        boolean isInDoubt = series.takeDoubt();
        if (mark.isPresent()) {
            long rowsInDoubt = isInDoubt ? supplies.properties().lateness().toMillis() / grid.interval() : 0;
            return OptionalLong.of(grid.rowAt(mark.getAsLong()) + 1 - Math.min(rowsInDoubt, SLICE));
        }
        OptionalLong first = supplies.firstSample(series.first().id(), Long.MIN_VALUE);
        if (first.isEmpty()) {
            series.hold(
                    series.channels().stream().map(channel -> Samples.empty()).toList(), rowsHeld(scorer));
            return OptionalLong.empty();
        }
        return OptionalLong.of(grid.rowAt(first.getAsLong()));
    }

    /// Learns the scale of a series; false if it has too few rows.
    private boolean learn(WatchedSeries series, OptionalLong mark, RowScorer scorer) {
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

    private boolean learns(WatchedSeries series, RowScorer scorer) {
        return detector.learns(series.channels().stream().map(Series::key).toList(), scorer.sources());
    }

    /// A part of what is stored of a series.
    ///
    /// @param next the row to go on from, if there are more
    private record Slice(RowQuery query, OptionalLong next) {}

    /// The next slice. The last one leaves the series held.
    private Slice slice(WatchedSeries series, long firstRow, RowScorer scorer) {
        StoredRows stored = new StoredRows(supplies, scorer);
        Grid grid = series.basis().grid();
        long lastRow = firstRow + SLICE - 1;
        OptionalLong behind = stored.firstBehind(series, grid.timeOf(lastRow));
        RowQuery query = stored.query(series, firstRow, lastRow);
        if (behind.isPresent()) {
            return new Slice(query, OptionalLong.of(grid.rowAt(behind.getAsLong())));
        }
        // What comes while this is read is told once more, and known then.
        series.hold(query.channels(), rowsHeld(scorer));
        RowQuery open = new RowQuery(query.channels(), grid, query.scale(), query.first(), Long.MAX_VALUE);
        return new Slice(open, OptionalLong.empty());
    }

    private static int rowsHeld(RowScorer scorer) {
        return scorer.rowsBack() + Turn.MOST_WAITING_ROWS;
    }
}
