package dev.telltale.series;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What has to change in the chunks of one series so that they hold some more samples: planned while
/// reading, slice by slice, encoded outside of any write, written in a short one.
///
/// A chunk is read and written anew only if some of the samples fall into it, or if it is the last one and
/// not full. A damaged last one stays as it is: newer samples begin a chunk of their own, so that they are
/// neither lost nor keep the journal from being trimmed.
final class ChunkChange {

    /// Samples that wait for the end of a stretch, so that it can be divided evenly; beyond that it is cut
    /// into full chunks from its beginning.
    private static final int LONGEST_STRETCH = 64 * Chunk.FULL;

    private final long seriesId;
    private final ChunkSpool fresh;
    private final List<Long> outdated = new ArrayList<>();
    private long newest;

    // the stretch that is being planned: between the start of one stored chunk and the start of the next
    private boolean inStretch;
    private boolean isLast;
    private long stretchEnds;
    private Samples stored = Samples.empty(); // of the chunk that the stretch replaces, not merged yet
    private Samples merged = Samples.empty(); // not encoded yet

    /// @param newest time of the newest sample of the series before the change
    /// @param fresh takes the new chunks
    ChunkChange(long seriesId, long newest, ChunkSpool fresh) {
        this.seriesId = seriesId;
        this.newest = newest;
        this.fresh = fresh;
    }

    /// Adds samples; they win over stored samples of the same time.
    ///
    /// @param samples at least one, all later than those that were added before
    void add(ChunkTable chunks, Samples samples) throws SQLException {
        int from = 0;
        while (from < samples.count()) {
            if (!inStretch || samples.time(from) >= stretchEnds) {
                endStretch();
                beginStretch(chunks, samples.time(from));
            }
            int to = from + 1;
            while (to < samples.count() && samples.time(to) < stretchEnds) {
                to++;
            }
            merge(SampleMerge.slice(samples, from, to));
            from = to;
        }
        newest = Math.max(newest, samples.time(samples.count() - 1));
    }

    /// Ends the plan once all samples were added.
    void finish() {
        endStretch();
    }

    long seriesId() {
        return seriesId;
    }

    /// Rows of the chunk table that go.
    List<Long> outdated() {
        return outdated;
    }

    /// Time of the newest sample once the change is written.
    long newest() {
        return newest;
    }

    private void beginStretch(ChunkTable chunks, long time) throws SQLException {
        Optional<Chunk> chunk = chunks.floor(seriesId, time);
        OptionalLong next = chunks.startAfter(seriesId, time);
        inStretch = true;
        isLast = next.isEmpty();
        stretchEnds = next.orElse(Long.MAX_VALUE);
        if (chunk.isPresent()) {
            boolean fallsInto = time <= chunk.get().last();
            if (fallsInto || (isLast && chunk.get().count() < Chunk.FULL && chunks.isIntact(seriesId, chunk.get()))) {
                stored = chunks.samples(seriesId, chunk.get());
                outdated.add(chunk.get().id());
            }
        }
    }

    private void merge(Samples more) {
        long last = more.time(more.count() - 1);
        Samples before = SampleMerge.within(stored, Long.MIN_VALUE, last);
        stored = SampleMerge.slice(stored, before.count(), stored.count());
        merged = SampleMerge.concat(List.of(merged, SampleMerge.of(before, more)));
        if (merged.count() > LONGEST_STRETCH) {
            int full = (merged.count() - 1) / Chunk.FULL * Chunk.FULL;
            for (int from = 0; from < full; from += Chunk.FULL) {
                fresh.add(EncodedChunk.of(seriesId, merged, from, from + Chunk.FULL));
            }
            merged = SampleMerge.slice(merged, full, merged.count());
        }
    }

    private void endStretch() {
        Samples whole = SampleMerge.concat(List.of(merged, stored));
        merged = Samples.empty();
        stored = Samples.empty();
        inStretch = false;
        int pieces = (whole.count() + Chunk.FULL - 1) / Chunk.FULL;
        for (int piece = 0; piece < pieces; piece++) {
            // At the end chunks are filled up; in the middle halves of equal size leave room for more.
            int from = isLast ? piece * Chunk.FULL : (int) ((long) whole.count() * piece / pieces);
            int to = isLast
                    ? Math.min(from + Chunk.FULL, whole.count())
                    : (int) ((long) whole.count() * (piece + 1) / pieces);
            fresh.add(EncodedChunk.of(seriesId, whole, from, to));
        }
    }
}
