package dev.telltale.series;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Samples of a batch by series and time: one run of ascending times for each series, series ascending.
final class SortedBatch {

    private final long[] seriesIds; // one for each run
    private final int[] starts; // first row of each run, and behind the last run the number of rows
    private final long[] times;
    private final double[] values;
    private final int[] origins; // row of the sender's batch
    private final RowFault.Form form; // by row of the sender's batch

    private SortedBatch(
            long[] seriesIds, int[] starts, long[] times, double[] values, int[] origins, RowFault.Form form) {
        this.seriesIds = seriesIds;
        this.starts = starts;
        this.times = times;
        this.values = values;
        this.origins = origins;
        this.form = form;
    }

    /// @throws dev.telltale.problem.Problem if a time stands twice in one series
    static SortedBatch of(SampleBatch batch) {
        return of(batch, SortedBatch::atIndex);
    }

    /// @param form makes a fault of what is wrong with a row of the batch
    static SortedBatch of(SampleBatch batch, RowFault.Form form) {
        int count = batch.count();
        int[] order = order(batch);
        long[] ids = new long[count];
        int[] starts = new int[count + 1];
        long[] times = new long[count];
        double[] values = new double[count];
        int runs = 0;
        for (int row = 0; row < count; row++) {
            int origin = order[row];
            long id = batch.seriesId(origin);
            times[row] = batch.time(origin);
            values[row] = batch.value(origin);
            if (runs == 0 || ids[runs - 1] != id) {
                ids[runs] = id;
                starts[runs] = row;
                runs++;
            } else if (times[row] == times[row - 1]) {
                throw SeriesProblem.DUPLICATE_TIME.because(
                        "series %d has two samples at %s; send one", id, Instant.ofEpochMilli(times[row]));
            }
        }
        starts[runs] = count;
        return new SortedBatch(Arrays.copyOf(ids, runs), Arrays.copyOf(starts, runs + 1), times, values, order, form);
    }

    static SortedBatch of(long seriesId, Samples samples) {
        return of(seriesId, samples, SortedBatch::atIndex);
    }

    /// @param form makes a fault of what is wrong with a sample
    static SortedBatch of(long seriesId, Samples samples, RowFault.Form form) {
        int[] origins = new int[samples.count()];
        Arrays.setAll(origins, row -> row);
        return new SortedBatch(
                new long[] {seriesId},
                new int[] {0, samples.count()},
                samples.times(),
                samples.values(),
                origins,
                form);
    }

    int runs() {
        return seriesIds.length;
    }

    int count() {
        return times.length;
    }

    long seriesId(int run) {
        return seriesIds[run];
    }

    /// First row of a run.
    int from(int run) {
        return starts[run];
    }

    /// Row behind the last of a run.
    int to(int run) {
        return starts[run + 1];
    }

    long time(int row) {
        return times[row];
    }

    double value(int row) {
        return values[row];
    }

    /// Where the sample stood in the sender's batch.
    int origin(int row) {
        return origins[row];
    }

    /// A fault of the sample, in the sender's terms.
    RowFault fault(int row, String detail) {
        return form.of(origins[row], detail);
    }

    long[] times() {
        return times;
    }

    double[] values() {
        return values;
    }

    /// The rows of a run.
    Samples samples(int run) {
        return new Samples(
                Arrays.copyOfRange(times, from(run), to(run)), Arrays.copyOfRange(values, from(run), to(run)));
    }

    /// Those of these series that the batch has runs of.
    ///
    /// @param series by id, among them one for each run
    List<StoredSeries> ofRuns(List<StoredSeries> series) {
        if (runs() == series.size()) {
            return series;
        }
        List<StoredSeries> own = new ArrayList<>(runs());
        for (StoredSeries stored : series) {
            if (own.size() < runs() && seriesId(own.size()) == stored.id()) {
                own.add(stored);
            }
        }
        return own;
    }

    /// The batch without the rows of `dropped`.
    SortedBatch without(BitSet dropped) {
        if (dropped.isEmpty()) {
            return this;
        }
        int count = count() - dropped.cardinality();
        long[] ids = new long[runs()];
        int[] keptStarts = new int[runs() + 1];
        long[] keptTimes = new long[count];
        double[] keptValues = new double[count];
        int[] keptOrigins = new int[count];
        int kept = 0;
        int keptRuns = 0;
        for (int run = 0; run < runs(); run++) {
            int first = kept;
            for (int row = dropped.nextClearBit(from(run)); row < to(run); row = dropped.nextClearBit(row + 1)) {
                keptTimes[kept] = times[row];
                keptValues[kept] = values[row];
                keptOrigins[kept] = origins[row];
                kept++;
            }
            if (kept > first) {
                ids[keptRuns] = seriesId(run);
                keptStarts[keptRuns] = first;
                keptRuns++;
            }
        }
        keptStarts[keptRuns] = count;
        return new SortedBatch(
                Arrays.copyOf(ids, keptRuns),
                Arrays.copyOf(keptStarts, keptRuns + 1),
                keptTimes,
                keptValues,
                keptOrigins,
                form);
    }

    private static RowFault atIndex(long row, String detail) {
        return RowFault.at(row, "/samples/" + row, detail);
    }

    /// Rows of the batch by series, then time. Senders mostly send times in order, so rows are sorted by
    /// series and their place in the batch first, which two packed ints can do.
    private static int[] order(SampleBatch batch) {
        int count = batch.count();
        long[] packed = new long[count];
        boolean fits = true;
        for (int i = 0; i < count; i++) {
            long id = batch.seriesId(i);
            fits &= id >= 0 && id <= Integer.MAX_VALUE;
            packed[i] = (id << 32) | i;
        }
        int[] order = new int[count];
        if (fits) {
            Arrays.sort(packed);
            boolean ascending = true;
            for (int i = 0; i < count; i++) {
                order[i] = (int) packed[i];
                ascending &= i == 0
                        || batch.seriesId(order[i - 1]) != batch.seriesId(order[i])
                        || batch.time(order[i - 1]) < batch.time(order[i]);
            }
            if (ascending) {
                return order;
            }
        }
        Integer[] rows = new Integer[count];
        Arrays.setAll(rows, i -> i);
        Arrays.sort(rows, (left, right) -> {
            int bySeries = Long.compare(batch.seriesId(left), batch.seriesId(right));
            return bySeries != 0 ? bySeries : Long.compare(batch.time(left), batch.time(right));
        });
        Arrays.setAll(order, i -> rows[i]);
        return order;
    }
}
