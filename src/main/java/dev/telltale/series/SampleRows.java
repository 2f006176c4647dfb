package dev.telltale.series;

import java.util.Arrays;

/// The rows of an upload as they stand in it, those without a value left out: in any order, a time perhaps
/// more than once.
public final class SampleRows {

    private final long[] times;
    private final double[] values;
    private final long[] places;
    private final RowFault.Form form;
    private final long missing;

    /// @param times epoch milliseconds UTC
    /// @param values one finite value for each time
    /// @param places where each row stands, for `form`
    /// @param missing rows without a value, which are not among `times`
    SampleRows(long[] times, double[] values, long[] places, RowFault.Form form, long missing) {
        this.times = times;
        this.values = values;
        this.places = places;
        this.form = form;
        this.missing = missing;
    }

    int count() {
        return times.length;
    }

    /// Rows that had a time but no value.
    long missing() {
        return missing;
    }

    /// The rows as samples, ordered by time.
    ///
    /// @throws dev.telltale.problem.Problem `DUPLICATE_TIME` if rows share a time and that is to be refused
    public Samples samples(Duplicates duplicates) {
        if (ascends()) {
            return new Samples(times, values);
        }
        SampleFaults faults = new SampleFaults(false);
        DuplicateMerge merge = new DuplicateMerge(new ByTime(), duplicates, (series, row) -> {
            if (duplicates == Duplicates.REFUSE) {
                faults.add(SeriesProblem.DUPLICATE_TIME, form.of(places[(int) row], DuplicateMerge.REPEATED));
            }
        });
        Samples samples =
                merge.next(times.length).map(DuplicateMerge.Slice::samples).orElseGet(Samples::empty);
        faults.check();
        return samples;
    }

    /// The rows described as they stand, repeated times counted.
    SeriesSummary summary() {
        if (ascends()) {
            return SeriesSummary.of(times, values);
        }
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        return SeriesSummary.of(sorted, values);
    }

    /// Time of a row, in the order in which they stand.
    long time(int row) {
        return times[row];
    }

    double value(int row) {
        return values[row];
    }

    private boolean ascends() {
        for (int i = 1; i < times.length; i++) {
            if (times[i] <= times[i - 1]) {
                return false;
            }
        }
        return true;
    }

    private final class ByTime implements RowCursor {

        private final int[] order = RowOrder.byTime(times);
        private int next;

        @Override
        public boolean advance() {
            return next++ < order.length;
        }

        @Override
        public int series() {
            return 0;
        }

        @Override
        public long time() {
            return times[order[next - 1]];
        }

        @Override
        public double value() {
            return values[order[next - 1]];
        }

        @Override
        public long place() {
            return order[next - 1];
        }
    }
}
