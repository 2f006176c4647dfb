package dev.telltale.models;

import dev.telltale.models.ModelSpecification.Annotated;
import dev.telltale.models.ModelSpecification.ScalingChoice;
import dev.telltale.series.Annotation;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.signal.Frame;
import dev.telltale.signal.Grid;
import dev.telltale.signal.Parts;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Windowing;
import dev.telltale.signal.Windows;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/// The samples of a specification as its training takes them: aligned, divided and scaled. Making it
/// refuses what can be refused before a network is touched.
///
/// @param anomalous for each row of the frame whether somebody calls it anomalous
/// @param scalingRows rows that the scaling was learned from
/// @param train last rows of the windows to learn from, without annotated ones if so specified
/// @param validation last rows of the windows to validate on, likewise
/// @param test last rows of the windows to test on
@SuppressWarnings("ArrayRecordComponent") // handed from one step to the next, compared by nobody
record TrainingData(
        ModelSpecification specification,
        Series series,
        Samples samples,
        boolean hasAnnotations,
        Frame frame,
        boolean[] anomalous,
        int[] scalingRows,
        Scaling scaling,
        int[] train,
        int[] validation,
        int[] test) {

    /// @param annotations of the specified set
    /// @throws dev.telltale.problem.Problem if there are too few samples for what is specified
    static TrainingData of(
            ModelSpecification specification, Series series, Samples samples, List<Annotation> annotations) {
        Windowing windowing = specification.windowing();
        Grid grid = series.interval().isPresent()
                ? Grid.infer(List.of(samples), series.interval().get().toMillis())
                : Grid.infer(List.of(samples));
        Frame frame = Frame.align(List.of(samples), grid, specification.gaps());
        Parts parts = specification
                .split()
                .divide(frame, windowing, specification.training().seed());
        boolean[] anomalous = anomalous(frame, annotations);
        boolean[] hidden =
                specification.annotated().use() == Annotated.Use.EXCLUDE ? anomalous : new boolean[frame.rows()];
        int[] train = windowing.avoiding(hidden, parts.train());
        if (train.length == 0) {
            throw ModelsProblem.NOT_ENOUGH_DATA.because(
                    "every window of the training part holds a row that is annotated as anomalous;"
                            + " give a longer range, or set training.annotated to include");
        }
        int[] scalingRows = rowsToScaleOver(specification.scaling(), frame, parts, hidden);
        return new TrainingData(
                specification,
                series,
                samples,
                !annotations.isEmpty(),
                frame,
                anomalous,
                scalingRows,
                Scaling.fit(specification.scaling().kind(), frame, scalingRows),
                train,
                windowing.avoiding(hidden, parts.validation()),
                parts.test());
    }

    /// Bytes that the windows take in Java while the training runs.
    long windowBytes() {
        return windows() * specification.windowing().length() * frame.channels() * Float.BYTES;
    }

    /// Windows of all three parts.
    long windows() {
        return (long) train.length + validation.length + test.length;
    }

    Windows cut(int[] lastRows) {
        return specification.windowing().cut(frame, scaling, lastRows, 0, lastRows.length);
    }

    /// SHA-256 over times and values, 64 hexadecimal digits.
    String fingerprint() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        ByteBuffer sample = ByteBuffer.allocate(Long.BYTES + Double.BYTES);
        for (int i = 0; i < samples.count(); i++) {
            sample.clear().putLong(samples.time(i)).putDouble(samples.value(i)).flip();
            digest.update(sample);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static int[] rowsToScaleOver(ScalingChoice choice, Frame frame, Parts parts, boolean[] hidden) {
        return switch (choice.over()) {
            case ALL -> new Windowing(1, 1).lastRows(frame);
            case TRAIN ->
                IntStream.of(parts.trainRows()).filter(row -> !hidden[row]).toArray();
        };
    }

    private static boolean[] anomalous(Frame frame, List<Annotation> annotations) {
        List<Annotation> ranges = annotations.stream()
                .filter(annotation -> annotation.verdict() == Annotation.Verdict.ANOMALOUS)
                .toList();
        boolean[] anomalous = new boolean[frame.rows()];
        for (int row = 0; row < anomalous.length; row++) {
            long time = frame.time(row);
            anomalous[row] = ranges.stream().anyMatch(range -> range.covers(time));
        }
        return anomalous;
    }
}
