package dev.telltale.autoencoder;

import dev.telltale.signal.Windows;
import dev.telltale.torch.TorchExecutor;
import java.util.Optional;

/// A trained network whose weights lie in the heap.
final class HeapReconstructor implements Reconstructor {

    private final TorchExecutor executor;
    private final NetworkPass pass;
    private final int length;
    private final int channels;
    private volatile boolean closed;

    HeapReconstructor(TorchExecutor executor, NetworkPass pass, int length, int channels) {
        this.executor = executor;
        this.pass = pass;
        this.length = length;
        this.channels = channels;
    }

    @Override
    public Windows reconstruct(Windows windows) {
        check(windows);
        return windows.count() == 0
                ? windows
                : executor.call(() -> new Windows(pass.reconstruct(windows.values()), length, channels));
    }

    @Override
    public Optional<AttentionWeights> attention(Windows window) {
        check(window);
        if (window.count() != 1) {
            throw new IllegalArgumentException("attention is shown for one window, not for " + window.count());
        }
        return executor.call(() -> pass.attention(window.values()));
    }

    private void check(Windows windows) {
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
    }

    @Override
    public void close() {
        closed = true;
    }
}
