package dev.telltale.signal;

import dev.telltale.series.Samples;
import java.util.Arrays;

/// One series on a grid, its short gaps filled: the rows it has a value in, ascending, and which of those
/// are samples. Takes memory for its samples only, however long the time between them.
final class Column {

    private long[] rows;
    private double[] values;
    private boolean[] sampled;
    private int count;

    private Column(int capacity) {
        rows = new long[capacity];
        values = new double[capacity];
        sampled = new boolean[capacity];
    }

    static Column of(Samples samples, Grid grid, GapPolicy gaps) {
        Column column = new Column(samples.count());
        for (int i = 0; i < samples.count(); i++) {
            long row = grid.rowAt(samples.time(i));
            boolean lastOfRow = i == samples.count() - 1 || grid.rowAt(samples.time(i + 1)) != row;
            if (lastOfRow) {
                column.take(row, samples.value(i), gaps);
            }
        }
        return column;
    }

    int count() {
        return count;
    }

    long row(int index) {
        return rows[index];
    }

    double value(int index) {
        return values[index];
    }

    boolean sampled(int index) {
        return sampled[index];
    }

    private void take(long row, double value, GapPolicy gaps) {
        if (count > 0) {
            int last = count - 1;
            long steps = row - rows[last];
            if (gaps.covers(steps - 1)) {
                for (int step = 1; step < steps; step++) {
                    double between = gaps.value(values[last], value, (double) step / steps);
                    add(rows[last] + step, between, false);
                }
            }
        }
        add(row, value, true);
    }

    private void add(long row, double value, boolean isSample) {
        if (count == rows.length) {
            int capacity = Math.max(16, (int) Math.min(Integer.MAX_VALUE - 8, count * 3L / 2));
            rows = Arrays.copyOf(rows, capacity);
            values = Arrays.copyOf(values, capacity);
            sampled = Arrays.copyOf(sampled, capacity);
        }
        rows[count] = row;
        values[count] = value;
        sampled[count] = isSample;
        count++;
    }
}
