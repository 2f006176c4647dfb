package dev.telltale.series;

import java.util.List;

/// Makes the rows of new series.
interface SeriesInserts {

    /// Adds these series, as many of them as there is room for.
    ///
    /// @param keys that this process knows no series of, each once
    /// @return those that this call made; others may have made some of them meanwhile
    List<StoredSeries> of(List<SeriesKey> keys, Room room);

    /// Chooses for how many there is room.
    @FunctionalInterface
    interface Room {

        /// Those of the missing ones that are to be made.
        ///
        /// @param present how many series there are
        /// @param missing those to be made
        /// @throws dev.telltale.problem.Problem if none is to be made
        List<SeriesKey> of(long present, List<SeriesKey> missing);
    }
}
