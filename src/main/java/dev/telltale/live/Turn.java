package dev.telltale.live;

import dev.telltale.models.RowQuery;
import dev.telltale.models.RowScorer;
import dev.telltale.models.ScoredRow;
import dev.telltale.signal.Grid;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// One turn of a detector's worker: finds out which rows the samples that came have made or changed, judges them
/// together with some of the backlog, and stores what comes of it.
final class Turn {

    /// Rows of one series that may wait in memory; with more it is read from the store, which is quicker.
    static final int MOST_WAITING_ROWS = 16;

    private final Lane lane;
    private final Supplies supplies;
    private final Alarm alarm;
    private final Backlog backlog;
    private final RowScorer scorer;
    private final StoredRows stored;
    private final Set<WatchedSeries> concerned;
    private final Map<WatchedSeries, RowQuery> queries = new LinkedHashMap<>();
    private final Map<WatchedSeries, RowQuery> again = new LinkedHashMap<>(); // rows that late samples changed

    /// Rows from one to another, by their numbers on the grid.
    private record Span(long first, long last) {

        Span and(Span other) {
            return new Span(Math.min(first, other.first), Math.max(last, other.last));
        }
    }

    /// @param concerned is told of all series whose state in memory changes
    Turn(Lane lane, Supplies supplies, Alarm alarm, Backlog backlog, RowScorer scorer, Set<WatchedSeries> concerned) {
        this.lane = lane;
        this.supplies = supplies;
        this.alarm = alarm;
        this.backlog = backlog;
        this.scorer = scorer;
        this.stored = new StoredRows(supplies, scorer);
        this.concerned = concerned;
    }

    /// Puts samples to their series.
    void take(Arrivals.Taken taken) {
        long now = supplies.clock().millis();
        Map<WatchedSeries, Long> changed = new LinkedHashMap<>(); // the first row that is new or other
        Map<WatchedSeries, Span> late = new LinkedHashMap<>();
        for (int i = 0; i < taken.count(); i++) {
            WatchedSeries series = taken.series(i);
            if (series.isLeft() || taken.time(i) > supplies.horizon()) {
                continue; // with one of the future all real samples would count as late
            }
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
                backlog.add(series);
            }
        }
        taken.missed().forEach((series, earliest) -> {
            if (series.isLeft()) {
                return;
            }
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
            backlog.addFromTheStart(series);
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
                } else if (series.judgedRow() != Long.MIN_VALUE && newest - series.judgedRow() <= MOST_WAITING_ROWS) {
                    changed.merge(series, row, Math::min);
                } else {
                    readAgain(series, changed); // it may complete windows that reach further back than what is held
                }
            }
            case KNOWN -> {
                // The same sample again; or it was read from the store before it was told here, when its row was
                // judged.
                if (row <= series.readThrough()) {
                    late.merge(series, new Span(row, row), Span::and);
                }
            }
        }
    }

    private void readAgain(WatchedSeries series, Map<WatchedSeries, Long> changed) {
        changed.remove(series);
        series.letGo();
        backlog.addFromTheStart(series);
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
                        Math.max(first, series.earliest()),
                        Long.MAX_VALUE));
    }

    /// Rows that were judged before late samples came, from the first of these to the last that depends on one.
    private void askAgain(WatchedSeries series, Span late) {
        if (!series.isHeld()) {
            series.doubt(); // it is about to be read from the store
            return;
        }
        long last = Math.min(late.last() + scorer.rowsOn(), series.judgedRow());
        again.put(series, stored.query(series, late.first(), last));
    }

    /// Goes on with series that are to be read from the store.
    void load() {
        queries.putAll(backlog.load(scorer, concerned, queries.size()));
    }

    /// Judges what is to be judged and stores it.
    ///
    /// @param forgotten series that were deleted
    void commit(Set<WatchedSeries> forgotten) {
        Transaction transaction = new Transaction(lane, supplies, alarm);
        Iterator<List<ScoredRow>> scored =
                scorer.score(List.copyOf(queries.values())).iterator();
        queries.forEach((series, query) -> judge(series, query, scored.next(), transaction));
        transaction.commit(concerned, forgotten);
        if (!again.isEmpty()) {
            Transaction corrections = new Transaction(lane, supplies, alarm);
            Iterator<List<ScoredRow>> corrected =
                    scorer.score(List.copyOf(again.values())).iterator();
            again.keySet().forEach(series -> corrected.next().forEach(row -> corrections.add(series, row, false)));
            corrections.commit(Set.of(), Set.of());
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
