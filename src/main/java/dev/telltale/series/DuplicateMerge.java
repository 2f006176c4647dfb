package dev.telltale.series;

import java.util.Arrays;
import java.util.Optional;

/// Makes samples of rows: those of one series that share a time become one, or the later ones are told of.
final class DuplicateMerge {

    static final String REPEATED =
            "this time stands in an earlier row; drop one, or say duplicates=last, first or mean";

    private final RowCursor rows;
    private final Duplicates duplicates;
    private final Repeated repeated;
    private boolean hasRow;

    /// Is told of rows whose time stands in an earlier one.
    @FunctionalInterface
    interface Repeated {
        void row(int series, long place);
    }

    /// @param duplicates if such rows are to be refused, the first of them counts here
    DuplicateMerge(RowCursor rows, Duplicates duplicates, Repeated repeated) {
        this.rows = rows;
        this.duplicates = duplicates;
        this.repeated = repeated;
        this.hasRow = rows.advance();
    }

    /// Samples of one series. Owns its array.
    static final class Slice {

        private final int series;
        private final Samples samples;
        private final long[] places;

        private Slice(int series, Samples samples, long[] places) {
            this.series = series;
            this.samples = samples;
            this.places = places;
        }

        /// Number of the series in the upload.
        int series() {
            return series;
        }

        Samples samples() {
            return samples;
        }

        /// Of the row behind each sample.
        long[] places() {
            return places;
        }
    }

    /// The next samples, up to `most`, all of one series; empty if there are none any more.
    Optional<Slice> next(int most) {
        if (!hasRow) {
            return Optional.empty();
        }
        int series = rows.series();
        long[] times = new long[Math.min(most, 1024)];
        double[] values = new double[times.length];
        long[] places = new long[times.length];
        int count = 0;
        while (hasRow && rows.series() == series && count < most) {
            if (count == times.length) {
                int larger = Math.min(most, 2 * count);
                times = Arrays.copyOf(times, larger);
                values = Arrays.copyOf(values, larger);
                places = Arrays.copyOf(places, larger);
            }
            times[count] = rows.time();
            places[count] = rows.place();
            values[count] = merged(series, rows.time(), rows.value());
            count++;
        }
        return Optional.of(new Slice(
                series,
                new Samples(Arrays.copyOf(times, count), Arrays.copyOf(values, count)),
                Arrays.copyOf(places, count)));
    }

    /// The value of all rows of this time; the cursor stands behind them then.
    private double merged(int series, long time, double first) {
        double value = first;
        hasRow = rows.advance();
        for (int count = 2; hasRow && rows.time() == time && rows.series() == series; count++) {
            repeated.row(series, rows.place());
            switch (duplicates) {
                case REFUSE, FIRST -> {}
                case LAST -> value = rows.value();
                // Shares are added, since a sum might be beyond a double.
                case MEAN -> value = value / count * (count - 1) + rows.value() / count;
            }
            hasRow = rows.advance();
        }
        return value;
    }
}
