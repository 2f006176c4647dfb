package dev.telltale.series;

import dev.telltale.http.HttpProblem;
import dev.telltale.problem.ProblemType;
import java.util.Arrays;

/// Keeps the rows of one series in memory while they are read; any fault refuses them.
final class RowBuffer implements RowSink {

    /// As many rows as fit into 300 MB with the arrays that sorting needs.
    private static final int MOST_ROWS = 10_000_000;

    private long[] times = new long[16]; // a table has a buffer for each column
    private double[] values = new double[16];
    private long[] places = new long[16];
    private int count;
    private long missing;
    private final SampleFaults faults = new SampleFaults(false);

    @Override
    public void add(int series, long time, double value, long place) {
        if (count == times.length) {
            grow();
        }
        times[count] = time;
        values[count] = value;
        places[count++] = place;
    }

    @Override
    public void addMissing(int series) {
        missing++;
    }

    @Override
    public void fault(ProblemType type, RowFault fault) {
        faults.add(type, fault);
    }

    @Override
    public void spoilt(int rows) {
        // a fault refuses all rows
    }

    /// Gives the rows away.
    ///
    /// @throws dev.telltale.problem.Problem with the faults, if there are any
    SampleRows rows(RowFault.Form form) {
        faults.check();
        return new SampleRows(
                Arrays.copyOf(times, count), Arrays.copyOf(values, count), Arrays.copyOf(places, count), form, missing);
    }

    private void grow() {
        if (count == MOST_ROWS) {
            throw HttpProblem.BODY_TOO_LARGE.because("an upload has up to %d rows; send it in parts", MOST_ROWS);
        }
        int larger = Math.min(MOST_ROWS, 2 * count);
        times = Arrays.copyOf(times, larger);
        values = Arrays.copyOf(values, larger);
        places = Arrays.copyOf(places, larger);
    }
}
