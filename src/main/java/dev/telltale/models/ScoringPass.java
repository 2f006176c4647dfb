package dev.telltale.models;

import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.detection.Bounds;
import dev.telltale.detection.ScoreScale;
import dev.telltale.models.ScoredRow.Verdict;
import dev.telltale.series.Samples;
import dev.telltale.signal.Frame;
import dev.telltale.signal.GapPolicy;
import dev.telltale.signal.Grid;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Windowing;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// One pass of a model over the samples of a series, handed in piece by piece in the order of time. Keeps
/// only what later windows need of earlier pieces, so that a row's verdict is the same however the
/// samples were cut into pieces.
final class ScoringPass {

    private final LoadedModel model;
    private final Grid grid;
    private final Windowing windowing;
    private final long start;
    private final long end;
    private final Consumer<ScoredRow> rows;

    private Samples pending = Samples.empty();
    private long nextRow = Long.MIN_VALUE;
    private long scored;
    private long anomalous;

    /// @param start rows before this time are read but not told
    /// @param end rows after this time are not told
    ScoringPass(LoadedModel model, long start, long end, Consumer<ScoredRow> rows) {
        this.model = model;
        this.grid = model.manifest().grid();
        this.windowing = model.manifest().specification().windowing().everyRow();
        this.start = start;
        this.end = end;
        this.rows = rows;
    }

    /// The first time whose samples matter to a row at `start`: a window reaches back L − 1 rows, and the
    /// first of them may be filled from a sample up to a gap's length before.
    static long firstNeeded(Manifest manifest, long start) {
        Grid grid = manifest.grid();
        long rowsBack = manifest.specification().windowing().length() + (long) GapPolicy.LONGEST;
        long time = start - rowsBack * grid.interval();
        return time > start ? Long.MIN_VALUE : time;
    }

    /// Takes the samples that follow those taken before.
    void accept(Samples piece) {
        if (piece.isEmpty()) {
            return;
        }
        pending = joined(pending, piece);
        // The last row may get further samples, so it waits.
        long open = grid.rowAt(pending.time(pending.count() - 1));
        judge(open);
        pending = from(pending, grid.timeOf(open - windowing.length() - GapPolicy.LONGEST));
    }

    /// Judges what still waits.
    void finish() {
        judge(Long.MAX_VALUE);
    }

    long scored() {
        return scored;
    }

    long anomalous() {
        return anomalous;
    }

    private void judge(long openRow) {
        Frame frame = Frame.align(
                List.of(pending), grid, model.manifest().specification().gaps());
        int from = firstRow(frame, nextRow);
        int to = firstRow(frame, openRow);
        nextRow = openRow;
        int[] lastRows = IntStream.of(windowing.lastRows(frame))
                .filter(row -> from <= row && row < to && isAsked(frame, row))
                .toArray();
        Scaling scaling = model.manifest().scaling();
        Cursor told = new Cursor(frame, from);
        // A full queue refuses an answer that has not begun; one that has begun waits.
        Reconstructor network = scored == 0 ? model.network() : new PatientReconstructor(model.network());
        WindowErrors.forEachChunk(network, frame, scaling, windowing, lastRows, (first, windows, rebuilt, errors) -> {
            for (int i = 0; i < windows.count(); i++) {
                int row = lastRows[first + i];
                told.withoutVerdictUpTo(row);
                told.next(verdict(scaling, rebuilt.values()[(i + 1) * rebuilt.width() - 1], errors.value(i)));
            }
        });
        told.withoutVerdictUpTo(to);
    }

    private Optional<Verdict> verdict(Scaling scaling, float reconstruction, double error) {
        ScoreScale scale = model.scale();
        double expected = scaling.unscale(0, reconstruction);
        boolean isAnomalous = scale.anomalous(error);
        scored++;
        anomalous += isAnomalous ? 1 : 0;
        return Optional.of(new Verdict(
                Double.isFinite(expected) ? OptionalDouble.of(expected) : OptionalDouble.empty(),
                Bounds.around(scaling, 0, reconstruction, 0, scale.line()),
                error,
                scale.score(error),
                isAnomalous));
    }

    private boolean isAsked(Frame frame, int row) {
        return frame.time(row) >= start && frame.time(row) <= end;
    }

    /// Tells the rows of a frame in their order. Filled ones are no samples and not told.
    private final class Cursor {

        private final Frame frame;
        private int row;

        Cursor(Frame frame, int row) {
            this.frame = frame;
            this.row = row;
        }

        void withoutVerdictUpTo(int before) {
            while (row < before) {
                next(Optional.empty());
            }
        }

        void next(Optional<Verdict> verdict) {
            if (!frame.filled(row) && isAsked(frame, row)) {
                rows.accept(new ScoredRow(frame.time(row), frame.value(row, 0), verdict));
            }
            row++;
        }
    }

    private int firstRow(Frame frame, long gridRow) {
        int low = 0;
        int high = frame.rows();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (grid.rowAt(frame.time(middle)) < gridRow) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static Samples joined(Samples first, Samples second) {
        if (first.isEmpty()) {
            return second;
        }
        long[] times = Arrays.copyOf(first.times(), first.count() + second.count());
        double[] values = Arrays.copyOf(first.values(), times.length);
        System.arraycopy(second.times(), 0, times, first.count(), second.count());
        System.arraycopy(second.values(), 0, values, first.count(), second.count());
        return new Samples(times, values);
    }

    private static Samples from(Samples samples, long time) {
        int at = Arrays.binarySearch(samples.times(), time);
        int first = at >= 0 ? at : -at - 1;
        return new Samples(
                Arrays.copyOfRange(samples.times(), first, samples.count()),
                Arrays.copyOfRange(samples.values(), first, samples.count()));
    }
}
