package dev.telltale.live;

import dev.telltale.series.SampleColumn;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesStore;
import dev.telltale.signal.Grid;
import java.util.Optional;

/// The scores that a detector gave to the samples of a series: `?with=score:cpu`. A sample has the score of its row.
final class ScoreColumn implements SampleColumn {

    private final DetectorStates detectors;
    private final SeriesStore store;

    ScoreColumn(DetectorStates detectors, SeriesStore store) {
        this.detectors = detectors;
        this.store = store;
    }

    @Override
    public String name() {
        return "score";
    }

    @Override
    public Values values(String of, Series series, long start) {
        DetectorStates.Scores scores = detectors.scores(new DetectorName(of), series);
        return scores.grid()
                .<Values>map(grid -> new Stored(scores.series(), grid, start))
                .orElse(time -> Optional.empty());
    }

    /// Scores from the store, a page at a time.
    private final class Stored implements Values {

        private final long scores;
        private final Grid grid;
        private Samples page = Samples.empty();
        private int at;
        private long from;
        private boolean over;

        private Stored(long scores, Grid grid, long start) {
            this.scores = scores;
            this.grid = grid;
            this.from = start;
        }

        @Override
        public Optional<Double> at(long time) {
            long row = grid.timeOf(grid.rowAt(time));
            while (!over && (at == page.count() || page.time(at) < row)) {
                if (at < page.count()) {
                    at++;
                } else {
                    turn(row);
                }
            }
            return !over && page.time(at) == row ? Optional.of(page.value(at)) : Optional.empty();
        }

        private void turn(long row) {
            from = Math.max(from, row);
            page = Samples.empty();
            at = 0;
            store.scanWhile(scores, from, Long.MAX_VALUE, samples -> {
                page = samples;
                return false;
            });
            over = page.isEmpty();
            from = over ? from : page.time(page.count() - 1) + 1;
        }
    }
}
