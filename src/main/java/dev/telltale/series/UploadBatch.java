package dev.telltale.series;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/// A small upload as one batch, and what became of its rows.
///
/// @param seriesIds of the upload's series, in their order
@SuppressWarnings("ArrayRecordComponent") // handed from one step to the next, compared by nobody
record UploadBatch(SortedBatch sorted, long[] seriesIds) {

    static UploadBatch of(UploadSamples upload, long[] seriesIds) {
        int most = Math.toIntExact(upload.count());
        long[] ids = new long[most];
        long[] times = new long[most];
        double[] values = new double[most];
        long[] places = new long[most];
        int count = 0;
        for (Iterator<DuplicateMerge.Slice> slices = upload.forTheStore(); slices.hasNext(); ) {
            DuplicateMerge.Slice slice = slices.next();
            int more = slice.samples().count();
            Arrays.fill(ids, count, count + more, seriesIds[slice.series()]);
            System.arraycopy(slice.samples().times(), 0, times, count, more);
            System.arraycopy(slice.samples().values(), 0, values, count, more);
            System.arraycopy(slice.places(), 0, places, count, more);
            count += more;
        }
        SortedBatch sorted = SortedBatch.of(
                new SampleBatch(Arrays.copyOf(ids, count), Arrays.copyOf(times, count), Arrays.copyOf(values, count)),
                (row, detail) -> upload.form().of(places[(int) row], detail));
        return new UploadBatch(sorted, seriesIds);
    }

    /// The report on an upload, of what was known of its rows before.
    Uploaded uploaded(ConflictCheck.Known known, ConflictCheck check) {
        Map<Long, Acceptance> byId = new HashMap<>();
        for (int run = 0; run < sorted.runs(); run++) {
            BitSet unchanged = known.unchanged().get(sorted.from(run), sorted.to(run));
            BitSet contradicting = known.contradicting().get(sorted.from(run), sorted.to(run));
            int news = sorted.to(run) - sorted.from(run) - unchanged.cardinality() - contradicting.cardinality();
            byId.put(sorted.seriesId(run), new Acceptance(news, unchanged.cardinality()));
        }
        BitSet contradicting = new BitSet();
        known.contradicting().stream().forEach(row -> contradicting.set(sorted.origin(row)));
        return new Uploaded(
                Arrays.stream(seriesIds)
                        .mapToObj(id -> byId.getOrDefault(id, Acceptance.NONE))
                        .toList(),
                contradicting,
                check.conflicts());
    }
}
