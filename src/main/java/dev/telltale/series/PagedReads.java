package dev.telltale.series;

import java.util.List;
import java.util.function.Predicate;

/// Reads of a series page by page, each of one moment, of heads and chunks merged.
final class PagedReads {

    private static final int CHUNKS_OF_A_PAGE = 16;

    private final SampleLog log;

    PagedReads(SampleLog log) {
        this.log = log;
    }

    /// Samples from `start` to `end`, both inclusive, of one moment.
    Samples read(StoredSeries series, long start, long end) {
        return page(series, start, end, Integer.MAX_VALUE).samples();
    }

    /// Hands the same samples over in order, page by page, until `wantsMore` has said no.
    void scanWhile(StoredSeries series, long start, long end, Predicate<Samples> wantsMore) {
        long from = start;
        while (from <= end) {
            Page page = page(series, from, end, CHUNKS_OF_A_PAGE);
            boolean goesOn = page.samples().isEmpty() || wantsMore.test(page.samples());
            if (!goesOn || page.end() == Long.MAX_VALUE) {
                return;
            }
            from = page.end() + 1;
        }
    }

    /// Samples up to a time, inclusive, up to which there are no others.
    private record Page(Samples samples, long end) {}

    private Page page(StoredSeries series, long start, long end, int mostChunks) {
        Moment moment = log.moment(series, start, end, mostChunks);
        List<EncodedChunk> chunks = moment.chunks();
        if (chunks.isEmpty()) {
            return new Page(moment.recent(), Long.MAX_VALUE);
        }
        Samples stored =
                SampleMerge.concat(chunks.stream().map(EncodedChunk::samples).toList());
        boolean isLastPage = chunks.size() < mostChunks;
        long pageEnd = isLastPage ? end : Math.min(end, stored.time(stored.count() - 1));
        Samples samples = SampleMerge.of(
                SampleMerge.within(stored, start, pageEnd), SampleMerge.within(moment.recent(), start, pageEnd));
        return new Page(samples, isLastPage ? Long.MAX_VALUE : pageEnd);
    }
}
