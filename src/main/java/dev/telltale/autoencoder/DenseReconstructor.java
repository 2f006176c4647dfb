package dev.telltale.autoencoder;

import dev.telltale.signal.Windows;
import dev.telltale.torch.TorchExecutor;

/// A trained dense network in the heap.
final class DenseReconstructor implements Reconstructor {

    private final TorchExecutor executor;
    private final DensePass pass;
    private final int length;
    private final int channels;
    private volatile boolean closed;

    DenseReconstructor(TorchExecutor executor, DensePass pass, int length, int channels) {
        this.executor = executor;
        this.pass = pass;
        this.length = length;
        this.channels = channels;
    }

    @Override
    public Windows reconstruct(Windows windows) {
        if (windows.length() != length || windows.channels() != channels) {
            throw AutoencoderProblem.SHAPE_MISMATCH.because(
                    "the windows have length %d and %d channels, the network was trained on length %d and %d channels",
                    windows.length(), windows.channels(), length, channels);
        }
        if (!Finite.all(windows.values())) {
            throw new IllegalArgumentException("a window has a value that is not finite");
        }
        if (closed) {
            throw new IllegalStateException("the reconstructor is closed");
        }
        return windows.count() == 0
                ? windows
                : executor.call(() -> new Windows(pass.reconstruct(windows.values()), length, channels));
    }

    @Override
    public void close() {
        closed = true;
    }
}
