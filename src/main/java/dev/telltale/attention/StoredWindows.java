package dev.telltale.attention;

import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesLookup;
import dev.telltale.series.SeriesStore;
import dev.telltale.signal.Frame;
import dev.telltale.signal.GapPolicy;
import dev.telltale.signal.Grid;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.SignalProblem;
import dev.telltale.signal.Windowing;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/// Reads windows of stored series.
final class StoredWindows {

    /// Samples at the end of a range among which the window is looked for, so that a long range takes little memory.
    private static final int LOOKED_AT = 200_000;

    private final SeriesStore store;
    private final SeriesLookup lookup;

    StoredWindows(SeriesStore store, SeriesLookup lookup) {
        this.store = store;
        this.lookup = lookup;
    }

    /// The last window of the samples from `start` to `end`, both inclusive, on the grid and with the gap
    /// policy that models have by default.
    ///
    /// @param reference id or name of the series
    /// @throws dev.telltale.problem.Problem if there is no such series, or no unbroken window as long
    StoredWindow last(String reference, long start, long end, Windowing windowing) {
        Series series = lookup.resolve(reference);
        Samples samples = newest(series, start, end);
        OptionalLong interval = series.interval()
                .map(stated -> OptionalLong.of(stated.toMillis()))
                .orElseGet(OptionalLong::empty);
        Frame frame = Frame.align(List.of(samples), Grid.infer(List.of(samples), List.of(interval)), GapPolicy.DEFAULT);
        int[] lastRows = windowing.lastRows(frame);
        if (lastRows.length == 0) {
            throw SignalProblem.NOT_ENOUGH_DATA
                    .because(
                            "a window of %d unbroken rows is needed, the range has %d rows in %d unbroken stretches;"
                                    + " give a longer range or a shorter window",
                            windowing.length(), frame.rows(), frame.segments())
                    .with("required", windowing.length())
                    .with("got", frame.rows());
        }
        int[] rows = IntStream.rangeClosed(
                        lastRows[lastRows.length - 1] - windowing.length() + 1, lastRows[lastRows.length - 1])
                .toArray();
        return new StoredWindow(
                Arrays.stream(rows).mapToLong(frame::time).toArray(),
                Arrays.stream(rows).mapToDouble(row -> frame.value(row, 0)).toArray(),
                Scaling.fit(Scaling.Kind.STANDARD, frame, rows));
    }

    private Samples newest(Series series, long start, long end) {
        Deque<Samples> pages = new ArrayDeque<>();
        int[] count = {0};
        store.scan(series.id(), start, end, page -> {
            pages.add(page);
            count[0] += page.count();
            while (count[0] - pages.getFirst().count() >= LOOKED_AT) {
                count[0] -= pages.removeFirst().count();
            }
        });
        return new Samples(
                pages.stream()
                        .flatMapToLong(page -> Arrays.stream(page.times()))
                        .toArray(),
                pages.stream()
                        .flatMapToDouble(page -> Arrays.stream(page.values()))
                        .toArray());
    }
}
