package dev.telltale.live;

import dev.telltale.models.RowScorer;
import dev.telltale.models.SeriesScale;
import dev.telltale.series.Annotation;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.signal.Grid;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Learns the scale of a series that a model was not trained on from its stored rows: of one with a past from the
/// newest that are judged or were there before it was watched; of a new one from its first, always the same
/// however they arrive.
final class Learning {

    private static final String ANNOTATIONS = "default";

    /// Of the rows that it learns from: so many are looked at for windows without gaps, and no more.
    private static final long MOST_TIMES = 8;

    private final Supplies supplies;
    private final RowScorer scorer;
    private final List<Series> channels;

    /// What comes of it.
    sealed interface Outcome permits Learned, Missing {}

    /// There were enough.
    ///
    /// @param origin of its grid, epoch milliseconds UTC
    /// @param through time of the last row it was learned from
    record Learned(SeriesScale scale, long origin, long through) implements Outcome {}

    /// There were too few.
    ///
    /// @param rows that are missing, about
    record Missing(int rows) implements Outcome {}

    Learning(Supplies supplies, RowScorer scorer, List<Series> channels) {
        this.supplies = supplies;
        this.scorer = scorer;
        this.channels = channels;
    }

    /// @param origin of the grid, if it has one already
    /// @param judgedThrough time of the last row that counts as judged, absent for a new series
    Outcome learn(OptionalLong origin, OptionalLong judgedThrough) {
        OptionalLong first = supplies.firstSample(channels.getFirst().id(), Long.MIN_VALUE);
        if (first.isEmpty()) {
            return new Missing(rowsNeeded());
        }
        long interval = scorer.grid().interval();
        // Half a step away from the samples, so that their jitter does not carry them into other rows.
        Grid grid = new Grid(interval, origin.orElse(first.getAsLong() + interval / 2));
        if (judgedThrough.isPresent()) {
            long end = judgedThrough.getAsLong();
            long start = end - interval * (supplies.properties().learnRows() + scorer.rowsBack());
            Optional<SeriesScale> scale = learn(grid, start, end);
            if (scale.isPresent()) {
                return new Learned(scale.get(), grid.origin(), end);
            }
        }
        return learnFromTheFirst(grid, first.getAsLong());
    }

    /// From as few of the first rows as are enough: twice as many as before where annotations or gaps leave too
    /// few windows.
    private Outcome learnFromTheFirst(Grid grid, long first) {
        long newest = Math.min(supplies.store().newest(channels.getFirst().id()).orElse(first), supplies.horizon());
        // The newest row may still get other samples.
        long complete = grid.rowAt(newest) - 1;
        long firstRow = grid.rowAt(first);
        for (long rows = rowsNeeded(); ; rows *= 2) {
            long lastRow = firstRow + rows - 1;
            if (lastRow > complete) {
                return new Missing((int) Math.min(lastRow - complete, Integer.MAX_VALUE));
            }
            if (rows > MOST_TIMES * supplies.properties().learnRows()) {
                return new Missing(supplies.properties().learnRows()); // its samples are too far apart for windows
            }
            Optional<SeriesScale> scale = learn(grid, first, grid.timeOf(lastRow));
            if (scale.isPresent()) {
                return new Learned(scale.get(), grid.origin(), grid.timeOf(lastRow));
            }
        }
    }

    private int rowsNeeded() {
        return supplies.properties().warmUp() + scorer.rowsOn();
    }

    private Optional<SeriesScale> learn(Grid grid, long start, long end) {
        List<Samples> samples = channels.stream()
                .map(channel -> supplies.store().read(channel.id(), start, end))
                .toList();
        List<Annotation> annotations = channels.stream()
                .flatMap(channel -> supplies.annotations().of(channel.id(), ANNOTATIONS).stream())
                .toList();
        return scorer.learn(samples, grid, annotations, supplies.properties().warmUp());
    }
}
