package dev.telltale.models;

import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.detection.ReconstructionErrors;
import dev.telltale.models.ModelSpecification.ErrorOf;
import dev.telltale.models.ScoredRow.Verdict;
import dev.telltale.series.Samples;
import dev.telltale.signal.Derivation;
import dev.telltale.signal.Frame;
import dev.telltale.signal.GapPolicy;
import dev.telltale.signal.Grid;
import dev.telltale.signal.Windowing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// One pass of a model over the samples of its channels, handed in piece by piece, those of each channel in
/// the order of time. Keeps only what later windows need of earlier pieces, so that a row's verdict is the
/// same however the samples were cut into pieces.
final class ScoringPass {

    private static final long NONE_YET = Long.MIN_VALUE;
    private static final long ALL = Long.MAX_VALUE;
    private static final int FEW = 4_096; // samples

    private final LoadedModel model;
    private final Reconstructor network;
    private final Judge judge;
    private final Optional<Explainer> explainer;
    private final Grid grid;
    private final Windowing windowing;
    private final Derivation derivation;
    private final ErrorOf errorOf;
    private final long start;
    private final long end;
    private final Consumer<ScoredRow> rows;

    private final Samples[] pending;

    /// Of each channel the first grid row whose value may still change: all before it are complete.
    private final long[] open;

    private long nextRow = NONE_YET;

    // Of rows that are judged by their means:
    private long firstUntold = NONE_YET;
    private RowMeans summed = new RowMeans(0, 1, 1);
    private Optional<Frame> summedFrame = Optional.empty();

    private long scored;
    private long anomalous;

    /// @param start rows before this time are read but not told
    /// @param end rows after this time are not told
    /// @param explainer of the verdicts, if they are to be explained
    ScoringPass(LoadedModel model, long start, long end, Optional<Explainer> explainer, Consumer<ScoredRow> rows) {
        this.model = model;
        this.network = PatientReconstructor.onceBegun(model.network());
        this.judge = new Judge(model);
        this.explainer = explainer;
        this.grid = model.manifest().grid();
        this.windowing = model.manifest().specification().windowing().everyRow();
        this.errorOf = model.manifest().specification().errorOf();
        this.start = start;
        this.end = end;
        this.rows = rows;
        this.derivation = model.manifest().specification().derivation();
        int channels = model.manifest().specification().series().size();
        this.pending = new Samples[channels];
        this.open = new long[channels];
        Arrays.fill(pending, Samples.empty());
        Arrays.fill(open, NONE_YET);
    }

    /// The first time whose samples matter: a window reaches back L − 1 rows, its features some more, and the
    /// first of them may be filled from a sample up to a gap's length before.
    long firstNeeded() {
        long rowsBack = windowing.length() + derivation.history() + (long) GapPolicy.LONGEST;
        long time = start - rowsBack * grid.interval();
        return time > start ? Long.MIN_VALUE : time;
    }

    /// The last time whose samples matter: a channel without a sample at the end is filled if it goes on within
    /// a gap's length, and where all windows that hold a row judge it, L − 1 rows follow.
    long lastNeeded() {
        long rowsOn = GapPolicy.LONGEST
                + switch (errorOf) {
                    case LAST -> 0L;
                    case MEAN -> windowing.length() - 1L;
                };
        long time = end + rowsOn * grid.interval();
        return time < end ? Long.MAX_VALUE : time;
    }

    /// How far before the complete rows one may lie that is not told yet, with the window that ends in it.
    private long rowsKept() {
        return GapPolicy.LONGEST
                + derivation.history()
                + switch (errorOf) {
                    case LAST -> (long) windowing.length();
                    case MEAN -> 2L * windowing.length();
                };
    }

    /// Takes samples of a channel that follow those taken before.
    void accept(int channel, Samples piece) {
        if (!piece.isEmpty()) {
            pending[channel] = joined(pending[channel], piece);
            open[channel] = firstOpenRow(pending[channel]);
        }
    }

    /// The row after the last but one that has samples: the last may get others, and what fills a gap before it
    /// depends on them.
    private long firstOpenRow(Samples samples) {
        long last = grid.rowAt(samples.time(samples.count() - 1));
        for (int i = samples.count() - 2; i >= 0; i--) {
            long row = grid.rowAt(samples.time(i));
            if (row < last) {
                return row + 1;
            }
        }
        return NONE_YET;
    }

    /// Learns that no more samples of a channel will come.
    void end(int channel) {
        open[channel] = ALL;
    }

    /// Whether a channel holds the others up, or soon will, since few of its samples wait for theirs.
    boolean wants(int channel) {
        return open[channel] != ALL && (open[channel] == nextRow || waiting(channel) < FEW);
    }

    /// Whether no row can follow those judged.
    boolean isOver() {
        return IntStream.range(0, open.length).anyMatch(channel -> open[channel] == ALL && waiting(channel) == 0);
    }

    private int waiting(int channel) {
        Samples samples = pending[channel];
        if (nextRow == NONE_YET || nextRow == ALL) {
            return nextRow == NONE_YET ? samples.count() : 0;
        }
        return samples.count() - first(samples, grid.timeOf(nextRow - 1) + 1);
    }

    /// Judges the rows that all channels have completed.
    void judge() {
        long completed = Arrays.stream(open).min().orElseThrow();
        if (completed == NONE_YET) {
            return;
        }
        judge(completed);
        if (completed != ALL) {
            long needed = grid.timeOf(completed - rowsKept());
            Arrays.setAll(pending, channel -> from(pending[channel], needed));
        }
    }

    /// Judges what is left.
    void finish() {
        Arrays.fill(open, ALL);
        judge();
    }

    long scored() {
        return scored;
    }

    long anomalous() {
        return anomalous;
    }

    private void judge(long openRow) {
        Frame frame = derivation.derive(Frame.align(
                List.of(pending), grid, model.manifest().specification().gaps()));
        int from = firstRow(frame, nextRow);
        int to = firstRow(frame, openRow);
        nextRow = openRow;
        switch (errorOf) {
            case LAST -> judgeByLastRows(frame, from, to);
            case MEAN -> judgeByMeans(frame, from, to);
        }
    }

    private void judgeByLastRows(Frame frame, int from, int to) {
        int[] lastRows = lastRows(frame, from, to)
                .filter(row -> isAsked(frame.time(row)))
                .toArray();
        Cursor told = new Cursor(frame, from);
        forEachChunk(frame, lastRows, (first, windows, rebuilt, errors) -> {
            PartnerErrors partner =
                    new PartnerErrors(frame, Arrays.copyOfRange(lastRows, first, first + windows.count()));
            for (int i = 0; i < windows.count(); i++) {
                int row = lastRows[first + i];
                told.withoutVerdictUpTo(row);
                told.next(Optional.of(judge.ofLastRow(windows, rebuilt, i, errors.value(i), partner.of(row))));
            }
        });
        told.withoutVerdictUpTo(to);
    }

    /// A row waits until the last window that holds it is there.
    private void judgeByMeans(Frame frame, int from, int to) {
        int[] lastRows = lastRows(frame, from, to)
                .filter(row -> frame.time(row) >= start && frame.time(row - windowing.length() + 1) <= end)
                .toArray();
        RowMeans means = carriedOver(frame);
        forEachChunk(frame, lastRows, (first, windows, rebuilt, errors) -> {
            for (int i = 0; i < windows.count(); i++) {
                means.add(lastRows[first + i], windows, rebuilt, i);
            }
        });
        long waiting = nextRow == ALL ? ALL : nextRow - windowing.length() + 1;
        Cursor told = new Cursor(frame, firstRow(frame, firstUntold));
        int until = Math.max(told.row, Math.min(to, firstRow(frame, waiting)));
        PartnerErrors partner = new PartnerErrors(
                frame,
                lastRows(frame, told.row, until)
                        .filter(row -> isAsked(frame.time(row)))
                        .toArray());
        while (told.row < until) {
            boolean judged = means.has(told.row) && partner.judges(told.row);
            told.next(judged ? Optional.of(judge.ofMeans(means, told.row, partner.of(told.row))) : Optional.empty());
        }
        firstUntold = waiting;
        summed = means;
        summedFrame = Optional.of(frame);
    }

    /// What the model's partner makes of some rows of a frame. It judges no other; without a partner any row may
    /// do without.
    private final class PartnerErrors {

        private final int[] lastRows;
        private final Optional<ReconstructionErrors> errors;

        /// @param lastRows that end a window, ascending
        PartnerErrors(Frame frame, int[] lastRows) {
            this.lastRows = lastRows;
            this.errors = model.hybrid().map(hybrid -> hybrid.errors(frame, lastRows));
        }

        boolean judges(int row) {
            return errors.isEmpty() || Arrays.binarySearch(lastRows, row) >= 0;
        }

        OptionalDouble of(int row) {
            return errors.isPresent()
                    ? OptionalDouble.of(errors.get().value(Arrays.binarySearch(lastRows, row)))
                    : OptionalDouble.empty();
        }
    }

    /// What earlier windows said of rows that wait for later ones.
    private RowMeans carriedOver(Frame frame) {
        RowMeans means = RowMeans.of(frame);
        summedFrame.ifPresent(before -> {
            for (int row = firstRow(before, firstUntold); row < before.rows(); row++) {
                if (summed.has(row)) {
                    means.copy(summed, row, firstRow(frame, grid.rowAt(before.time(row))));
                }
            }
        });
        return means;
    }

    private IntStream lastRows(Frame frame, int from, int to) {
        return IntStream.of(windowing.lastRows(frame)).filter(row -> from <= row && row < to);
    }

    private void forEachChunk(Frame frame, int[] lastRows, WindowErrors.Chunk chunk) {
        WindowErrors.forEachChunk(network, frame, model.manifest().scaling(), windowing, lastRows, chunk);
    }

    private boolean isAsked(long time) {
        return time >= start && time <= end;
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
            if (!frame.filled(row) && isAsked(frame.time(row))) {
                rows.accept(new ScoredRow(frame.time(row), values(), verdict, explanation(verdict)));
                scored += verdict.isPresent() ? 1 : 0;
                anomalous += verdict.filter(Verdict::anomalous).isPresent() ? 1 : 0;
            }
            row++;
        }

        private Optional<Explanation> explanation(Optional<Verdict> verdict) {
            return explainer.isPresent() && verdict.isPresent()
                    ? Optional.of(explainer.get().explain(frame, row, verdict.get()))
                    : Optional.empty();
        }

        private List<Double> values() {
            List<Double> values = new ArrayList<>(frame.channels());
            for (int channel = 0; channel < frame.channels(); channel++) {
                values.add(frame.value(row, channel));
            }
            return values;
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
        int first = first(samples, time);
        return new Samples(
                Arrays.copyOfRange(samples.times(), first, samples.count()),
                Arrays.copyOfRange(samples.values(), first, samples.count()));
    }

    /// The index of the first sample at a time or after it.
    private static int first(Samples samples, long time) {
        int at = Arrays.binarySearch(samples.times(), time);
        return at >= 0 ? at : -at - 1;
    }
}
