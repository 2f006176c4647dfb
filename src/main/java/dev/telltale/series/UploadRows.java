package dev.telltale.series;

import dev.telltale.database.TemporaryFile;
import dev.telltale.problem.ProblemType;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The rows of an upload of one series or several while they are read: about a million of them in memory,
/// more in sorted runs in a temporary file.
final class UploadRows implements RowSink, AutoCloseable {

    /// With what sorting needs they take 40 MB.
    private static final int MOST_IN_MEMORY = 1 << 20;

    private final SampleFaults faults;
    private final Supplier<TemporaryFile> files;
    private final int mostInMemory;
    private @Nullable RowRuns runs;
    private long inRuns;

    private long[] times = new long[1024];
    private double[] values = new double[1024];
    private long[] places = new long[1024];
    private int[] series = new int[1024];
    private int count;
    private boolean ascends = true;
    private long spoilt;

    // by series
    private int seriesCount;
    private long[] latest = new long[8];
    private long[] rows = new long[8];
    private long[] missing = new long[8];

    UploadRows(SampleFaults faults, Supplier<TemporaryFile> files) {
        this(faults, files, MOST_IN_MEMORY);
    }

    UploadRows(SampleFaults faults, Supplier<TemporaryFile> files, int mostInMemory) {
        this.faults = faults;
        this.files = files;
        this.mostInMemory = mostInMemory;
    }

    @Override
    public void add(int number, long time, double value, long place) {
        if (count == mostInMemory) {
            spill();
        } else if (count == times.length) {
            grow();
        }
        know(number);
        ascends &= rows[number] == 0 || time > latest[number];
        latest[number] = time;
        rows[number]++;
        times[count] = time;
        values[count] = value + 0.0; // −0.0 equals 0.0 and is stored as it
        places[count] = place;
        series[count++] = number;
    }

    @Override
    public void addMissing(int number) {
        know(number);
        missing[number]++;
    }

    @Override
    public void fault(ProblemType type, RowFault fault) {
        faults.add(type, fault);
    }

    @Override
    public void spoilt(int more) {
        spoilt += more;
    }

    SampleFaults faults() {
        return faults;
    }

    /// Rows read with a value.
    long count() {
        return inRuns + count;
    }

    /// Rows that faults have spoilt.
    long spoilt() {
        return spoilt;
    }

    /// Series that have rows.
    int series() {
        return seriesCount;
    }

    long missing(int number) {
        return number < seriesCount ? missing[number] : 0;
    }

    /// Whether the times of each series ascend strictly, so that none stands twice.
    boolean ascends() {
        return ascends;
    }

    /// Goes through all rows once they are read; may be asked for more than once.
    RowCursor cursor() {
        if (runs == null) {
            return new InMemory(order());
        }
        spill();
        return runs.merged();
    }

    @Override
    public void close() {
        if (runs != null) {
            runs.close();
        }
    }

    private void spill() {
        if (runs == null) {
            runs = new RowRuns(files.get());
        }
        if (count > 0) {
            runs.add(new InMemory(order()));
            inRuns += count;
            count = 0;
        }
    }

    /// The rows' numbers by series, time and place; rows come by place.
    private int[] order() {
        int[] ends = new int[seriesCount + 1]; // of each series, shifted by one
        for (int row = 0; row < count; row++) {
            ends[series[row] + 1]++;
        }
        for (int number = 0; number < seriesCount; number++) {
            ends[number + 1] += ends[number];
        }
        int[] starts = ends.clone();
        int[] order = new int[count];
        for (int row = 0; row < count; row++) {
            order[starts[series[row]]++] = row;
        }
        if (!ascends) {
            for (int number = 0; number < seriesCount; number++) {
                RowOrder.byTime(times, order, ends[number], ends[number + 1]);
            }
        }
        return order;
    }

    private void know(int number) {
        if (number >= seriesCount) {
            seriesCount = number + 1;
            if (seriesCount > rows.length) {
                int larger = Math.max(seriesCount, 2 * rows.length);
                latest = Arrays.copyOf(latest, larger);
                rows = Arrays.copyOf(rows, larger);
                missing = Arrays.copyOf(missing, larger);
            }
        }
    }

    private void grow() {
        int larger = Math.min(mostInMemory, 2 * count);
        times = Arrays.copyOf(times, larger);
        values = Arrays.copyOf(values, larger);
        places = Arrays.copyOf(places, larger);
        series = Arrays.copyOf(series, larger);
    }

    private final class InMemory implements RowCursor {

        private final int[] order;
        private int next;
        private int row;

        InMemory(int[] order) {
            this.order = order;
        }

        @Override
        public boolean advance() {
            if (next == order.length) {
                return false;
            }
            row = order[next++];
            return true;
        }

        @Override
        public int series() {
            return series[row];
        }

        @Override
        public long time() {
            return times[row];
        }

        @Override
        public double value() {
            return values[row];
        }

        @Override
        public long place() {
            return places[row];
        }
    }
}
