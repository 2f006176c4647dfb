package dev.telltale.series;

import java.util.Map;

/// Finds out how the chunks of held series are to change.
interface ChunkWork {

    /// Plans the change; what it throws leaves everything as it is.
    ///
    /// @param chunks as they are now, the samples of the heads among them
    /// @param changes takes the plan
    void plan(ChunkReads chunks, ChunkChanges changes);

    /// From when to when the planned change brings samples, by series.
    Map<Long, TimeSpan> came();
}
