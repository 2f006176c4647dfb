package dev.telltale.series;

import java.util.List;

/// Looks at head and chunks of a series of this process while others move its samples from the one to the
/// others.
final class LocalMoments {

    private static final int ATTEMPTS = 4;

    private final ChunkReads chunks;

    LocalMoments(ChunkReads chunks) {
        this.chunks = chunks;
    }

    /// The head is looked at first: samples only move from it to chunks, so none is missed. If it moved
    /// meanwhile, both may not belong to one moment, and the look starts anew.
    Moment of(StoredSeries series, long start, long end, int mostChunks) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Head.View view = series.head().view(start, end);
            Moment moment = with(view, series.id(), start, end, mostChunks);
            if (series.head().generation() == view.generation()) {
                return moment;
            }
        }
        series.lock().lock();
        try {
            return with(series.head().view(start, end), series.id(), start, end, mostChunks);
        } finally {
            series.lock().unlock();
        }
    }

    private Moment with(Head.View view, long seriesId, long start, long end, int mostChunks) {
        List<EncodedChunk> stored = start > view.newestInChunks()
                ? List.of()
                : chunks.read(table -> table.range(seriesId, start, end, mostChunks));
        return new Moment(view.samples(), stored);
    }
}
