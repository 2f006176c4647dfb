package dev.telltale.live;

import dev.telltale.models.RowQuery;
import dev.telltale.models.RowScorer;
import dev.telltale.series.Samples;
import dev.telltale.signal.GapPolicy;
import dev.telltale.signal.Grid;
import java.util.List;
import java.util.OptionalLong;

/// Rows of a watched series with all that their verdicts depend on, as the store has them.
final class StoredRows {

    private final Supplies supplies;
    private final RowScorer scorer;

    StoredRows(Supplies supplies, RowScorer scorer) {
        this.supplies = supplies;
        this.scorer = scorer;
    }

    /// Rows by their numbers on the series' grid, without those that count as past.
    RowQuery query(WatchedSeries series, long firstRow, long lastRow) {
        Grid grid = series.basis().grid();
        return query(series, firstRow, lastRow, Math.max(grid.timeOf(firstRow), series.earliest()));
    }

    /// Rows by their numbers on the series' grid, also where they count as past.
    RowQuery queryOfPast(WatchedSeries series, long firstRow, long lastRow) {
        return query(series, firstRow, lastRow, series.basis().grid().timeOf(firstRow));
    }

    private RowQuery query(WatchedSeries series, long firstRow, long lastRow, long first) {
        Grid grid = series.basis().grid();
        long from = grid.timeOf(firstRow - scorer.rowsBack() - 1) + 1;
        // A sample behind the last row says whether the gap before it is filled.
        long to = Math.min(grid.timeOf(lastRow + GapPolicy.LONGEST + 1), supplies.horizon());
        List<Samples> samples = series.channels().stream()
                .map(channel -> supplies.store().read(channel.id(), from, to))
                .toList();
        return new RowQuery(samples, grid, series.basis().scale(), first, grid.timeOf(lastRow));
    }

    /// Time of the first sample behind a time, if there is one and it is not of the future.
    OptionalLong firstBehind(WatchedSeries series, long time) {
        long id = series.first().id();
        OptionalLong newest = supplies.store().newest(id);
        if (newest.isEmpty() || newest.getAsLong() <= time) {
            return OptionalLong.empty();
        }
        OptionalLong next = supplies.firstSample(id, time + 1);
        return next.isPresent() && next.getAsLong() > supplies.horizon() ? OptionalLong.empty() : next;
    }
}
