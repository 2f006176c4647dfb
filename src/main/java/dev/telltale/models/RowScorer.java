package dev.telltale.models;

import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.detection.Calibration;
import dev.telltale.detection.ReconstructionErrors;
import dev.telltale.detection.ScoreScale;
import dev.telltale.detection.ThresholdRule;
import dev.telltale.models.ModelSpecification.ErrorOf;
import dev.telltale.series.Annotation;
import dev.telltale.series.Samples;
import dev.telltale.series.SeriesKey;
import dev.telltale.signal.Frame;
import dev.telltale.signal.GapPolicy;
import dev.telltale.signal.Grid;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Windowing;
import dev.telltale.signal.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// A model version that judges rows of many series at once, as they arrive. A row's verdict is the one that
/// scoring its stored range would give, bit for bit. Borrowed: to be closed.
public final class RowScorer implements AutoCloseable {

    /// Of all windows that go through the network at once.
    private static final int VALUES_AT_ONCE = 1 << 18;

    private static final int WINDOWS_AT_ONCE = 1 << 12;

    private final LoadedModel model;
    private final ModelSpecification specification;
    private final Windowing windowing;
    private final Reconstructor network;

    RowScorer(LoadedModel model) {
        this.model = model;
        this.specification = model.manifest().specification();
        this.windowing = specification.windowing().everyRow();
        this.network = PatientReconstructor.onceBegun(model.network());
    }

    public int version() {
        return model.manifest().version();
    }

    /// The series that it was trained on, one for each channel it takes.
    public List<SeriesKey> sources() {
        return model.manifest().sources().stream().map(Manifest.Source::key).toList();
    }

    /// On which its own series are judged.
    public Grid grid() {
        return model.manifest().grid();
    }

    /// How many rows before a row its verdict depends on: those of its window, of the features in that, and of a
    /// gap at the beginning that was filled.
    public int rowsBack() {
        return windowing.length() - 1 + specification.derivation().history() + GapPolicy.LONGEST;
    }

    /// How many rows after a row have verdicts that depend on it: those whose window or features reach back to it,
    /// or to rows that are filled since it is there.
    public int rowsOn() {
        return windowing.length() - 1 + specification.derivation().history() + GapPolicy.LONGEST;
    }

    /// Learns what a series is measured by from rows of it that count as normal.
    ///
    /// @param channels samples of each of the model's series
    /// @param annotations rows that they call anomalous are left out
    /// @param enough rows that end a window
    /// @return empty if there are fewer
    public Optional<SeriesScale> learn(List<Samples> channels, Grid grid, List<Annotation> annotations, int enough) {
        Frame frame = frame(channels, grid);
        boolean[] anomalous = TrainingData.anomalous(frame, annotations);
        int[] rows = windowing.avoiding(anomalous, windowing.lastRows(frame));
        if (rows.length < enough) {
            return Optional.empty();
        }
        int[] scaled = IntStream.of(new Windowing(1, 1).lastRows(frame))
                .filter(row -> !anomalous[row])
                .toArray();
        Scaling scaling = Scaling.fit(specification.scaling().kind(), frame, scaled);
        ReconstructionErrors errors = WindowErrors.of(network, frame, scaling, windowing, ErrorOf.LAST, rows);
        Calibration calibration = Calibration.of(errors, SeriesScale.KNOTS);
        double line = switch (specification.threshold().rule()) {
            // They say where the line lies in scaled units, whatever the errors of a series are.
            case ThresholdRule.Fixed _, ThresholdRule.BestF1 _ ->
                model.manifest().scoring().line();
            case ThresholdRule.Rate _, ThresholdRule.Quantile _, ThresholdRule.Sigma _ ->
                specification.threshold().rule().line(errors);
        };
        return Optional.of(new SeriesScale(
                scaling, ScoreScale.of(calibration, line, ScoreScale.resolution(frame, scaling, scaled))));
    }

    /// Judges rows; those that end no full window are not among the answers.
    ///
    /// @return for each query its rows in the order of time
    public List<List<ScoredRow>> score(List<RowQuery> queries) {
        List<List<ScoredRow>> answers = new ArrayList<>(queries.size());
        Batch batch = new Batch();
        for (RowQuery query : queries) {
            List<ScoredRow> rows = new ArrayList<>();
            answers.add(rows);
            batch.add(new Asked(query), rows);
        }
        batch.flush();
        return answers;
    }

    /// What the windows look like that rows are judged by.
    public List<WindowShape> shapes(RowQuery query) {
        Asked asked = new Asked(query);
        List<WindowShape> shapes = new ArrayList<>();
        WindowErrors.forEachChunk(
                network, asked.frame, asked.scaling, windowing, asked.lastRows, (from, windows, rebuilt, errors) -> {
                    for (int i = 0; i < windows.count(); i++) {
                        int at = i * windows.width();
                        float[] values = Arrays.copyOfRange(windows.values(), at, at + windows.width());
                        long time = asked.frame.time(asked.lastRows[from + i]);
                        WindowShape shape = new WindowShape(time, values, 0);
                        double error = shape.distance(Arrays.copyOfRange(rebuilt.values(), at, at + windows.width()));
                        shapes.add(new WindowShape(time, values, Double.isFinite(error) ? error : Double.MAX_VALUE));
                    }
                });
        return shapes;
    }

    /// Gives the model back.
    @Override
    public void close() {
        model.close();
    }

    private Frame frame(List<Samples> channels, Grid grid) {
        return specification.derivation().derive(Frame.align(channels, grid, specification.gaps()));
    }

    /// A query with its windows.
    private final class Asked {

        private final Frame frame;
        private final Scaling scaling;
        private final Judge judge;
        private final int[] lastRows;
        private final Optional<ReconstructionErrors> partner;

        private Asked(RowQuery query) {
            this.frame = frame(query.channels(), query.grid());
            this.scaling = query.scale()
                    .map(SeriesScale::scaling)
                    .orElse(model.manifest().scaling());
            this.judge = query.scale()
                    .map(learned -> new Judge(specification, learned))
                    .orElseGet(() -> new Judge(model));
            this.lastRows = IntStream.of(windowing.lastRows(frame))
                    .filter(row -> frame.time(row) >= query.first() && frame.time(row) <= query.last())
                    .toArray();
            this.partner = query.scale().isPresent()
                    ? Optional.empty()
                    : model.hybrid().map(hybrid -> hybrid.errors(frame, lastRows));
        }

        private ScoredRow row(int index, Windows windows, Windows rebuilt, int window, double error) {
            int row = lastRows[index];
            OptionalDouble second =
                    partner.isPresent() ? OptionalDouble.of(partner.get().value(index)) : OptionalDouble.empty();
            List<Double> values = new ArrayList<>(frame.channels());
            for (int channel = 0; channel < frame.channels(); channel++) {
                values.add(frame.value(row, channel));
            }
            return new ScoredRow(
                    frame.time(row),
                    values,
                    Optional.of(judge.ofLastRow(windows, rebuilt, window, error, second)),
                    Optional.empty());
        }
    }

    /// Windows of several queries on their way through the network together.
    private final class Batch {

        private final int width = windowing.length() * specification.channels();
        private final int room = Math.clamp(VALUES_AT_ONCE / width, 1, WINDOWS_AT_ONCE);
        private final List<Slice> slices = new ArrayList<>();
        private int count;

        /// Some windows of a query, and where their rows go.
        private record Slice(Asked asked, int from, int to, List<ScoredRow> rows) {}

        private void add(Asked asked, List<ScoredRow> rows) {
            int from = 0;
            while (from < asked.lastRows.length) {
                int to = Math.min(asked.lastRows.length, from + room - count);
                slices.add(new Slice(asked, from, to, rows));
                count += to - from;
                from = to;
                if (count == room) {
                    flush();
                }
            }
        }

        private void flush() {
            if (count == 0) {
                return;
            }
            float[] values = new float[count * width];
            int at = 0;
            for (Slice slice : slices) {
                Asked asked = slice.asked;
                Windows windows = windowing.cut(asked.frame, asked.scaling, asked.lastRows, slice.from, slice.to);
                System.arraycopy(windows.values(), 0, values, at, windows.values().length);
                at += windows.values().length;
            }
            Windows windows = new Windows(values, windowing.length(), specification.channels());
            Windows rebuilt = network.reconstruct(windows);
            ReconstructionErrors errors = ReconstructionErrors.ofLastRows(
                    windows, rebuilt, slices.getFirst().asked.frame.judged());
            int window = 0;
            for (Slice slice : slices) {
                for (int index = slice.from; index < slice.to; index++, window++) {
                    slice.rows.add(slice.asked.row(index, windows, rebuilt, window, errors.value(window)));
                }
            }
            slices.clear();
            count = 0;
        }
    }
}
