package dev.telltale.autoencoder.torch;

import ai.djl.ndarray.NDArray;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.torch.NativeScope;
import dev.telltale.torch.SharedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// Windows sent through a network in batches of one fixed shape, the last one filled up: the kernels
/// choose their order of summation by the shape, so with one shape a window's answer is the same bits
/// whatever comes with it. Serves one thread.
final class FixedPass {

    private static final int MOST_ROWS = 1024;
    private static final int LEAST_ROWS = 32; // fewer leave a rest after the activations' vectors
    private static final long WORK = 1L << 25; // multiplications: what one row alone has to wait for

    private final Network network;
    private final SharedTensor input;
    private final int rows;
    private final int width;
    private final int outputs;

    /// @param width L·C
    /// @param outputs values that the network gives for a window, L·C or more; those behind are left out
    FixedPass(NativeScope scope, Network network, int rows, int width, int outputs) {
        this.network = network;
        this.rows = rows;
        this.width = width;
        this.outputs = outputs;
        this.input = scope.zeros(rows, width);
    }

    /// Rows of a batch for a network of this size: enough to hide the cost of the native calls, few
    /// enough that the batch stays in the cache and that one row alone is answered quickly.
    static int rows(List<LayerDescription> layers) {
        long parameters =
                layers.stream().mapToLong(LayerDescription::parameters).sum();
        return Math.clamp(Long.highestOneBit(WORK / parameters), LEAST_ROWS, MOST_ROWS);
    }

    /// What the network makes of windows.
    ///
    /// @param windows (N, L·C), row-major
    /// @return same shape
    float[] reconstruct(float[] windows) {
        float[] rebuilt = new float[windows.length];
        int batch = rows * width;
        for (int from = 0; from < windows.length; from += batch) {
            int size = Math.min(batch, windows.length - from);
            MemorySegment.copy(windows, from, input.values(), ValueLayout.JAVA_FLOAT, 0, size);
            try (NDArray output = network.forward(input.array(), false)) {
                copy(SharedTensor.valuesOf(output), rebuilt, from, size);
            }
        }
        return rebuilt;
    }

    private void copy(MemorySegment output, float[] rebuilt, int from, int size) {
        if (outputs == width) {
            MemorySegment.copy(output, ValueLayout.JAVA_FLOAT, 0, rebuilt, from, size);
            return;
        }
        for (int row = 0; row * width < size; row++) {
            long start = (long) row * outputs * Float.BYTES;
            MemorySegment.copy(output, ValueLayout.JAVA_FLOAT, start, rebuilt, from + row * width, width);
        }
    }
}
