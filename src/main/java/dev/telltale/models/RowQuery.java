package dev.telltale.models;

import dev.telltale.series.Samples;
import dev.telltale.signal.Grid;
import java.util.List;
import java.util.Optional;

/// Rows of one watched series, or of the series that a model of several judges together, that are to be judged.
///
/// @param channels samples of each of the model's series, from as far back as `RowScorer.rowsBack` says
/// @param grid on which the rows lie
/// @param scale that the series has learned for itself; else the model's own counts
/// @param first time of the first row to judge, epoch milliseconds UTC
/// @param last time of the last one, inclusive
public record RowQuery(List<Samples> channels, Grid grid, Optional<SeriesScale> scale, long first, long last) {

    public RowQuery {
        channels = List.copyOf(channels);
    }
}
