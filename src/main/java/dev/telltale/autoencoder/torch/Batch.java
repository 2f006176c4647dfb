package dev.telltale.autoencoder.torch;

import ai.djl.ndarray.NDArray;
import dev.telltale.autoencoder.Contrast;
import dev.telltale.torch.NativeScope;
import dev.telltale.torch.SharedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalDouble;

/// Native memory for batches of one size: the windows, and the loss' gradient for what the network
/// made of them.
final class Batch {

    private final SharedTensor windows;
    private final SharedTensor gradient;
    private final TrainingSet set;
    private final int rows;
    private final int width;
    private int first;

    Batch(NativeScope scope, TrainingSet set, int rows) {
        this.set = set;
        this.rows = rows;
        this.width = set.width();
        this.windows = scope.zeros(rows, width);
        this.gradient = scope.zeros(rows, width);
    }

    /// Takes the windows of the set at the places from `from` on.
    void fill(int from) {
        first = from;
        for (int row = 0; row < rows; row++) {
            MemorySegment.copy(
                    set.source(from + row).values(),
                    set.start(from + row),
                    windows.values(),
                    ValueLayout.JAVA_FLOAT,
                    (long) row * width * Float.BYTES,
                    width);
        }
    }

    /// (N, L·C).
    NDArray windows() {
        return windows.array();
    }

    /// (N, L·C), as `loss` wrote it last; zeros before.
    NDArray gradient() {
        return gradient.array();
    }

    /// The mean squared error of what the network made of the normal windows, absent where the batch has none;
    /// writes the gradient.
    OptionalDouble loss(NDArray rebuilt) {
        return set.hasContrast() ? lossBesideContrast(rebuilt) : OptionalDouble.of(lossOfNormal(rebuilt));
    }

    private double lossOfNormal(NDArray rebuilt) {
        MemorySegment answers = SharedTensor.valuesOf(rebuilt);
        MemorySegment targets = windows.values();
        MemorySegment slopes = gradient.values();
        int size = rows * width;
        float scale = 2f / size;
        double sum = 0;
        for (int i = 0; i < size; i++) {
            float difference =
                    answers.getAtIndex(ValueLayout.JAVA_FLOAT, i) - targets.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            sum += (double) difference * difference;
            slopes.setAtIndex(ValueLayout.JAVA_FLOAT, i, scale * difference);
        }
        return sum / size;
    }

    /// Each window weighs alike: a normal one by its error, another by that of its normal rows and by what the
    /// error of the others lacks to the margin.
    private OptionalDouble lossBesideContrast(NDArray rebuilt) {
        MemorySegment answers = SharedTensor.valuesOf(rebuilt);
        double sum = 0;
        int normal = 0;
        for (int row = 0; row < rows; row++) {
            int contrast = set.contrastAt(first + row);
            if (contrast < 0) {
                sum += error(answers, row, 0, width) / width;
                slope(answers, row, 0, width, 2f / (rows * width));
                normal++;
            } else {
                slopeOfContrast(answers, row, contrast);
            }
        }
        if (normal == 0) {
            return OptionalDouble.empty();
        }
        set.normalError(sum / normal);
        return OptionalDouble.of(sum / normal);
    }

    private void slopeOfContrast(MemorySegment answers, int row, int window) {
        Contrast contrast = set.contrast();
        int channels = contrast.windows().channels();
        int raised = contrast.raised(window) * channels;
        double error = 0;
        for (int at = 0; at < width; at += channels) {
            boolean counts = contrast.effect(window, at / channels) == Contrast.Effect.RAISE;
            error += counts ? error(answers, row, at, at + channels) / raised : 0;
        }
        float up = error < set.margin() ? -2f / (rows * raised) : 0;
        for (int at = 0; at < width; at += channels) {
            float scale = switch (contrast.effect(window, at / channels)) {
                case LOWER -> 2f / (rows * width);
                case RAISE -> up;
                case NONE -> 0;
            };
            slope(answers, row, at, at + channels, scale);
        }
    }

    /// The sum of squared differences of some of a window's values.
    private double error(MemorySegment answers, int row, int from, int to) {
        double sum = 0;
        for (int i = row * width + from; i < row * width + to; i++) {
            float difference = difference(answers, i);
            sum += (double) difference * difference;
        }
        return sum;
    }

    private void slope(MemorySegment answers, int row, int from, int to, float scale) {
        for (int i = row * width + from; i < row * width + to; i++) {
            gradient.values().setAtIndex(ValueLayout.JAVA_FLOAT, i, scale * difference(answers, i));
        }
    }

    private float difference(MemorySegment answers, int i) {
        return answers.getAtIndex(ValueLayout.JAVA_FLOAT, i) - windows.values().getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
}
