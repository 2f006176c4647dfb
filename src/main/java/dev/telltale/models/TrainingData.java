package dev.telltale.models;

import dev.telltale.autoencoder.Contrast;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.detection.Baseline;
import dev.telltale.detection.Calibration;
import dev.telltale.detection.CutForest;
import dev.telltale.detection.Ranking;
import dev.telltale.detection.ReconstructionErrors;
import dev.telltale.detection.ScoreScale;
import dev.telltale.detection.ThresholdRule;
import dev.telltale.http.Times;
import dev.telltale.models.ModelSpecification.Annotated;
import dev.telltale.models.ModelSpecification.ErrorOf;
import dev.telltale.models.ModelSpecification.ScalingChoice;
import dev.telltale.models.ModelSpecification.Threshold;
import dev.telltale.problem.ProblemError;
import dev.telltale.series.Annotation;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.signal.Frame;
import dev.telltale.signal.Grid;
import dev.telltale.signal.Parts;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Windowing;
import dev.telltale.signal.Windows;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The samples of a specification as its training takes them: aligned, divided and scaled. Making it
/// refuses what can be refused before a network is touched.
///
/// @param sources one for each channel
/// @param anomalous for each row of the frame whether somebody calls it anomalous
/// @param resolution the error below which nothing can be told from noise, in squared scaled units
/// @param train last rows of the windows to learn from, without annotated ones if so specified
/// @param validation last rows of the windows to validate on, likewise
/// @param test last rows of the windows to test on
/// @param normal the rows whose errors count as normal, at least one
/// @param parts the same three with all their rows, annotated or not
@SuppressWarnings("ArrayRecordComponent") // handed from one step to the next, compared by nobody
record TrainingData(
        ModelSpecification specification,
        List<Source> sources,
        boolean hasAnnotations,
        Frame frame,
        boolean[] anomalous,
        Scaling scaling,
        double resolution,
        int[] train,
        int[] validation,
        int[] test,
        int[] normal,
        Parts parts) {

    /// A series and what it gives to a model.
    ///
    /// @param samples of the specified range
    /// @param annotations of the specified set
    record Source(Series series, Samples samples, List<Annotation> annotations) {

        private String span() {
            return "'%s' from %s to %s"
                    .formatted(
                            series.key(),
                            Times.format(samples.time(0)),
                            Times.format(samples.time(samples.count() - 1)));
        }
    }

    /// @param sources one for each channel
    /// @throws dev.telltale.problem.Problem if there are too few samples for what is specified, or the series
    ///     have no row in common
    static TrainingData of(ModelSpecification specification, List<Source> sources) {
        Windowing windowing = specification.windowing();
        List<Samples> samples = sources.stream().map(Source::samples).toList();
        Grid grid = Grid.infer(
                samples,
                sources.stream().map(source -> interval(source.series())).toList());
        Frame series = Frame.align(samples, grid, specification.gaps());
        requireRows(series, sources);
        requireDifferentNames(specification, sources);
        Frame frame = specification.derivation().derive(series);
        Parts parts = specification
                .split()
                .divide(frame, windowing, specification.training().seed());
        List<Annotation> annotations = sources.stream()
                .flatMap(source -> source.annotations().stream())
                .toList();
        boolean[] anomalous = anomalous(frame, annotations);
        boolean[] hidden = hidden(specification, anomalous);
        int[] train = windowing.avoiding(hidden, parts.train());
        if (train.length == 0) {
            throw ModelsProblem.NOT_ENOUGH_DATA.because(
                    "every window of the training part holds a row that is annotated as anomalous;"
                            + " give a longer range, or set training.annotated to include");
        }
        requireAnnotated(specification, anomalous, parts);
        int[] validation = windowing.avoiding(hidden, parts.validation());
        int[] normal = normal(specification, frame, hidden, train, validation);
        int[] scalingRows = rowsToScaleOver(specification.scaling(), frame, parts, hidden);
        Scaling scaling = Scaling.fit(specification.scaling().kind(), frame, scalingRows);
        return new TrainingData(
                specification,
                sources,
                !annotations.isEmpty(),
                frame,
                anomalous,
                scaling,
                ScoreScale.resolution(frame, scaling, scalingRows),
                train,
                validation,
                parts.test(),
                normal,
                parts);
    }

    /// The windows of the training part with annotated rows, whose errors shall be high where they are judged.
    Contrast contrast() {
        int[] lastRows = contrastRows(specification, anomalous, parts);
        Windows windows = cut(lastRows);
        boolean[] marks = new boolean[lastRows.length * windows.length()];
        for (int i = 0; i < lastRows.length; i++) {
            int firstRow = lastRows[i] - windows.length() + 1;
            System.arraycopy(anomalous, firstRow, marks, i * windows.length(), windows.length());
        }
        return new Contrast(windows, marks, specification.errorOf() == ErrorOf.LAST);
    }

    private static int[] contrastRows(ModelSpecification specification, boolean[] anomalous, Parts parts) {
        return switch (specification.annotated().use()) {
            case EXCLUDE, INCLUDE -> new int[0];
            case CONTRAST -> specification.windowing().meeting(anomalous, parts.train());
        };
    }

    /// Bytes that the windows take in Java while the training runs, the errors of rows after each epoch, and the
    /// largest of the judges that the network is measured beside.
    long bytes() {
        int width = specification.windowing().length() * frame.channels();
        long windows = windows() * width * Float.BYTES;
        long means = switch (specification.errorOf()) {
            case LAST -> 0;
            case MEAN -> RowMeans.bytes(frame.rows(), frame.channels());
        };
        boolean judged = hasAnnotations || specification.partner().isPresent();
        long forest = judged
                ? CutForest.bytes(
                        specification.windowing().length(), frame.series().channels())
                : 0;
        return windows + means + forest;
    }

    /// Windows of all three parts.
    long windows() {
        int contrast = contrastRows(specification, anomalous, parts).length;
        return (long) train.length + contrast + validation.length + test.length;
    }

    /// From a network's errors to scores, with the line that the threshold rule draws.
    ///
    /// @param errors of the network on rows
    ScoreScale scale(Function<int[], ReconstructionErrors> errors) {
        return scale(errors, normal);
    }

    /// As `scale(errors)`, of what another judge says.
    ///
    /// @param finest what it says of nothing that can be told from noise, in its units
    ScoreScale scale(Function<int[], ReconstructionErrors> errors, double finest) {
        return scale(errors, normal, finest);
    }

    /// As `scale(errors)`, by some of the normal rows.
    ScoreScale scale(Function<int[], ReconstructionErrors> errors, int[] normalRows) {
        return scale(errors, normalRows, resolution);
    }

    private ScoreScale scale(Function<int[], ReconstructionErrors> errors, int[] normalRows, double finest) {
        ReconstructionErrors normalErrors = errors.apply(normalRows);
        Calibration calibration = Calibration.of(normalErrors);
        double line = specification.threshold().rule().line(normalErrors, () -> calibration, () -> ranking(errors));
        return ScoreScale.of(calibration, line, finest);
    }

    /// The validation part beside its annotations, with all its rows.
    ///
    /// @param errors of rows
    Ranking ranking(Function<int[], ReconstructionErrors> errors) {
        return Ranking.of(errors.apply(parts.validation()), anomalous(parts.validation()));
    }

    /// A network's error on each of these rows.
    ReconstructionErrors errors(Reconstructor network, int[] rows) {
        return WindowErrors.of(network, frame, scaling, specification.windowing(), specification.errorOf(), rows);
    }

    /// Plain judges that have learned from what the network learns from.
    List<Baseline> baselines() {
        Frame series = frame.series();
        return Baseline.learn(
                series,
                scaling.first(series.channels()),
                specification.windowing(),
                train,
                specification.training().seed());
    }

    /// Whether each of these rows is one that somebody calls anomalous.
    boolean[] anomalous(int[] rows) {
        boolean[] marked = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            marked[i] = anomalous[rows[i]];
        }
        return marked;
    }

    Windows cut(int[] lastRows) {
        return specification.windowing().cut(frame, scaling, lastRows, 0, lastRows.length);
    }

    /// Rows that nothing is learned from.
    private static boolean[] hidden(ModelSpecification specification, boolean[] anomalous) {
        return switch (specification.annotated().use()) {
            case EXCLUDE, CONTRAST -> anomalous;
            case INCLUDE -> new boolean[anomalous.length];
        };
    }

    /// The rows whose errors count as normal. Without a validation part it is those learned from.
    private static int[] normal(
            ModelSpecification specification, Frame frame, boolean[] hidden, int[] train, int[] validation) {
        boolean validated = specification.threshold().of() == Threshold.Part.VALIDATION && validation.length > 0;
        int[] rows = validated ? validation : train;
        return switch (specification.errorOf()) {
            case LAST -> rows;
            case MEAN ->
                farFromHidden(rows, frame, hidden, specification.windowing().length());
        };
    }

    /// Those last rows of windows without a hidden row of which no later window that holds them has one either.
    private static int[] farFromHidden(int[] rows, Frame frame, boolean[] hidden, int length) {
        int[] next = new int[hidden.length]; // the next hidden row of the same stretch
        for (int row = next.length - 1; row >= 0; row--) {
            boolean goesOn = row + 1 < next.length && frame.unbroken(row, row + 1);
            next[row] = hidden[row] ? row : goesOn ? next[row + 1] : Integer.MAX_VALUE;
        }
        int[] far = IntStream.of(rows).filter(row -> next[row] - row >= length).toArray();
        if (far.length == 0) {
            throw ModelsProblem.NOT_ENOUGH_DATA.because(
                    "with errorOf mean a row is normal if no window of %d rows that holds it meets an annotated one, and"
                            + " of the %d rows to draw the line from none is; give a longer range, shorter windows, or"
                            + " set errorOf to last",
                    length, rows.length);
        }
        return far;
    }

    private static int[] rowsToScaleOver(ScalingChoice choice, Frame frame, Parts parts, boolean[] hidden) {
        return switch (choice.over()) {
            case ALL -> new Windowing(1, 1).lastRows(frame);
            case TRAIN ->
                IntStream.of(parts.trainRows()).filter(row -> !hidden[row]).toArray();
        };
    }

    private static OptionalLong interval(Series series) {
        return series.interval().isPresent()
                ? OptionalLong.of(series.interval().get().toMillis())
                : OptionalLong.empty();
    }

    /// Before a network is trained for what cannot be had.
    private static void requireAnnotated(ModelSpecification specification, boolean[] anomalous, Parts parts) {
        boolean needed = specification.threshold().rule() instanceof ThresholdRule.BestF1;
        if (needed && IntStream.of(parts.validation()).noneMatch(row -> anomalous[row])) {
            throw ModelsProblem.NOT_ENOUGH_DATA.because(
                    "best-f1 needs a row that is annotated as anomalous among the %d of the validation part, there is"
                            + " none; annotate one, choose another split or another rule",
                    parts.validation().length);
        }
        if (specification.annotated().use() == Annotated.Use.CONTRAST
                && contrastRows(specification, anomalous, parts).length == 0) {
            throw ModelsProblem.NOT_ENOUGH_DATA.because(
                    "training.annotated contrast needs a window with a row that is annotated as anomalous among the %d of"
                            + " the training part, there is none; annotate one, choose another split or exclude",
                    parts.train().length);
        }
    }

    /// A series may be called what a channel derived from another would be.
    private static void requireDifferentNames(ModelSpecification specification, List<Source> sources) {
        List<String> names =
                sources.stream().map(source -> source.series().name()).toList();
        for (String derived : specification.derivation().names(names)) {
            if (names.contains(derived)) {
                throw ModelsProblem.BAD_SPECIFICATION
                        .because("'%s' is a series and a feature of another; leave one of them out", derived)
                        .with(List.of(ProblemError.at("/features", "'" + derived + "' is a series of the model")));
            }
        }
    }

    private static void requireRows(Frame frame, List<Source> sources) {
        if (frame.rows() > 0) {
            return;
        }
        for (Source source : sources) {
            if (source.samples().isEmpty()) {
                throw ModelsProblem.NOT_ENOUGH_DATA.because(
                        "series '%s' has no sample in the range; leave it out or give another range",
                        source.series().key());
            }
        }
        throw ModelsProblem.NOT_ENOUGH_DATA.because(
                "the series share no row of %d ms: %s; give series that were measured at the same time",
                frame.grid().interval(), sources.stream().map(Source::span).collect(Collectors.joining(", ")));
    }

    /// Which rows somebody calls anomalous: those whose interval meets an annotation of any of the series.
    static boolean[] anomalous(Frame frame, List<Annotation> annotations) {
        List<Annotation> ranges = annotations.stream()
                .filter(annotation -> annotation.verdict() == Annotation.Verdict.ANOMALOUS)
                .sorted(Comparator.comparingLong(Annotation::start))
                .toList();
        boolean[] anomalous = new boolean[frame.rows()];
        int begun = 0;
        long lastEnd = Long.MIN_VALUE; // of the ranges that have begun
        for (int row = 0; row < anomalous.length; row++) {
            long end = frame.time(row);
            for (; begun < ranges.size() && ranges.get(begun).start() <= end; begun++) {
                lastEnd = Math.max(lastEnd, ranges.get(begun).end());
            }
            anomalous[row] = lastEnd > end - frame.grid().interval();
        }
        return anomalous;
    }
}
