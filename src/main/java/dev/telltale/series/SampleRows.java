package dev.telltale.series;

import dev.telltale.problem.ProblemError;
import java.util.Arrays;

/// The rows of an upload as they stand in it, those without a value left out: in any order, a time perhaps
/// more than once.
public final class SampleRows {

    private final long[] times;
    private final double[] values;
    private final Places places;
    private final long missing;

    /// How a row is named in a fault: by its line, or by its pointer.
    @FunctionalInterface
    interface Places {
        ProblemError of(int row, String detail);
    }

    /// @param times epoch milliseconds UTC
    /// @param values one finite value for each time
    /// @param missing rows without a value, which are not among `times`
    SampleRows(long[] times, double[] values, Places places, long missing) {
        this.times = times;
        this.values = values;
        this.places = places;
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
        int[] order = RowOrder.byTime(times);
        long[] mergedTimes = new long[times.length];
        double[] mergedValues = new double[times.length];
        SampleFaults faults = new SampleFaults();
        int count = 0;
        for (int from = 0; from < order.length; ) {
            long time = times[order[from]];
            int to = from + 1;
            while (to < order.length && times[order[to]] == time) {
                if (duplicates == Duplicates.REFUSE) {
                    faults.add(
                            SeriesProblem.DUPLICATE_TIME,
                            places.of(
                                    order[to],
                                    "this time stands in an earlier row; drop one, or say duplicates=last, first or mean"));
                }
                to++;
            }
            mergedTimes[count] = time;
            mergedValues[count++] = merged(order, from, to, duplicates);
            from = to;
        }
        faults.check();
        return new Samples(Arrays.copyOf(mergedTimes, count), Arrays.copyOf(mergedValues, count));
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

    private double merged(int[] order, int from, int to, Duplicates duplicates) {
        return switch (duplicates) {
            case REFUSE, FIRST -> values[order[from]];
            case LAST -> values[order[to - 1]];
            case MEAN -> {
                double mean = 0;
                for (int i = from; i < to; i++) {
                    mean += values[order[i]] / (to - from);
                }
                yield to - from == 1 ? values[order[from]] : mean;
            }
        };
    }

    private boolean ascends() {
        for (int i = 1; i < times.length; i++) {
            if (times[i] <= times[i - 1]) {
                return false;
            }
        }
        return true;
    }
}
