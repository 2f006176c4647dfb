package dev.telltale.series;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Brings many samples of one series or several into chunks, slice by slice, without passing through the log.
final class ChunkUpload implements ChunkWork {

    private final UploadSamples samples;
    private final long[] seriesIds;
    private final Map<Long, StoredSeries> series;
    private final ConflictCheck check;
    private final Map<Long, Acceptance> acceptances = new HashMap<>();
    private final Map<Long, TimeSpan> came = new HashMap<>();
    private final BitSet kept = new BitSet();
    private int ordinal;

    /// @param seriesIds of the upload's series, by their numbers
    /// @param series the same, each once
    ChunkUpload(UploadSamples samples, long[] seriesIds, List<StoredSeries> series, OnConflict onConflict) {
        this.samples = samples;
        this.seriesIds = seriesIds;
        this.series = series.stream().collect(Collectors.toMap(StoredSeries::id, Function.identity()));
        this.check = new ConflictCheck(onConflict);
    }

    /// @throws dev.telltale.problem.Problem if a stored sample contradicts and that refuses the upload
    @Override
    public void plan(ChunkReads chunks, ChunkChanges changes) {
        for (Iterator<DuplicateMerge.Slice> slices = samples.forTheStore(); slices.hasNext(); ) {
            plan(slices.next(), chunks, changes);
        }
        check.refuse();
    }

    @Override
    public Map<Long, TimeSpan> came() {
        return came;
    }

    /// What became of the samples once all are stored.
    Uploaded uploaded() {
        return new Uploaded(
                Arrays.stream(seriesIds)
                        .mapToObj(id -> acceptances.getOrDefault(id, Acceptance.NONE))
                        .toList(),
                kept,
                check.conflicts());
    }

    private void plan(DuplicateMerge.Slice slice, ChunkReads chunks, ChunkChanges changes) {
        StoredSeries stored = Objects.requireNonNull(series.get(seriesIds[slice.series()]));
        SortedBatch batch = SortedBatch.of(
                stored.id(), slice.samples(), (row, detail) -> samples.form().of(slice.places()[(int) row], detail));
        ConflictCheck.Known known = check.known(chunks, batch, List.of(stored));
        SortedBatch news = batch.without(known.all());
        if (news.count() > 0) {
            chunks.read(table -> {
                changes.add(table, stored, news.samples(0));
                return true;
            });
            came.merge(stored.id(), new TimeSpan(news.time(0), news.time(news.count() - 1)), TimeSpan::and);
        }
        acceptances.merge(
                stored.id(), new Acceptance(news.count(), known.unchanged().cardinality()), Acceptance::plus);
        known.contradicting().stream().forEach(row -> kept.set(ordinal + row));
        ordinal += batch.count();
    }
}
