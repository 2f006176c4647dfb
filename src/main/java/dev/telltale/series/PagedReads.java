package dev.telltale.series;

import dev.telltale.database.Database;
import java.util.List;
import java.util.function.Predicate;

/// Reads of a series while its samples move from its head to chunks: page by page, each of one moment.
final class PagedReads {

    private static final int CHUNKS_OF_A_PAGE = 16;
    private static final int READ_ATTEMPTS = 4;

    private final Database database;

    PagedReads(Database database) {
        this.database = database;
    }

    /// Samples from `start` to `end`, both inclusive, of one moment.
    Samples read(StoredSeries stored, long start, long end) {
        return page(stored, start, end, Integer.MAX_VALUE).samples();
    }

    /// Hands the same samples over in order, page by page, until `wantsMore` has said no.
    void scanWhile(StoredSeries stored, long start, long end, Predicate<Samples> wantsMore) {
        long from = start;
        while (from <= end) {
            Page page = page(stored, from, end, CHUNKS_OF_A_PAGE);
            boolean goesOn = page.samples().isEmpty() || wantsMore.test(page.samples());
            if (!goesOn || page.end() == Long.MAX_VALUE) {
                return;
            }
            from = page.end() + 1;
        }
    }

    /// Samples up to a time, inclusive, up to which there are no others.
    private record Page(Samples samples, long end) {}

    /// Merges head and chunks. The head is looked at first: samples only move from it to chunks, so none
    /// is missed. If it moved meanwhile, both may not belong to one moment, and the read starts anew.
    private Page page(StoredSeries stored, long start, long end, int mostChunks) {
        for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
            Head.View view = stored.head().view(start, end);
            Page page = page(stored.id(), view, start, end, mostChunks);
            if (stored.head().generation() == view.generation()) {
                return page;
            }
        }
        stored.lock().lock();
        try {
            return page(stored.id(), stored.head().view(start, end), start, end, mostChunks);
        } finally {
            stored.lock().unlock();
        }
    }

    private Page page(long seriesId, Head.View view, long start, long end, int mostChunks) {
        if (start > view.newestInChunks()) {
            return new Page(view.samples(), Long.MAX_VALUE);
        }
        List<EncodedChunk> chunks = database.read(connection -> {
            try (ChunkTable table = new ChunkTable(connection)) {
                return table.range(seriesId, start, end, mostChunks);
            }
        });
        Samples stored =
                SampleMerge.concat(chunks.stream().map(EncodedChunk::samples).toList());
        boolean isLastPage = chunks.size() < mostChunks;
        long pageEnd = isLastPage ? end : Math.min(end, stored.time(stored.count() - 1));
        Samples samples = SampleMerge.of(
                SampleMerge.within(stored, start, pageEnd), SampleMerge.within(view.samples(), start, pageEnd));
        return new Page(samples, isLastPage ? Long.MAX_VALUE : pageEnd);
    }
}
