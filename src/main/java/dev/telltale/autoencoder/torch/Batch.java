package dev.telltale.autoencoder.torch;

import ai.djl.ndarray.NDArray;
import dev.telltale.signal.Windows;
import dev.telltale.torch.NativeScope;
import dev.telltale.torch.SharedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Native memory for batches of one size: the windows, and the loss' gradient for what the network
/// made of them.
final class Batch {

    private final SharedTensor windows;
    private final SharedTensor gradient;
    private final int rows;
    private final int width;

    Batch(NativeScope scope, int rows, int width) {
        this.rows = rows;
        this.width = width;
        this.windows = scope.zeros(rows, width);
        this.gradient = scope.zeros(rows, width);
    }

    /// Takes the windows whose numbers stand in `order` from `from` on.
    void fill(Windows source, int[] order, int from) {
        for (int row = 0; row < rows; row++) {
            MemorySegment.copy(
                    source.values(),
                    order[from + row] * width,
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

    /// The mean squared error of what the network made of the windows; writes its gradient.
    double loss(NDArray rebuilt) {
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
}
