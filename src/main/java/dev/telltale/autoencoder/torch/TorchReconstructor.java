package dev.telltale.autoencoder.torch;

import dev.telltale.autoencoder.AutoencoderProblem;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.Weights;
import dev.telltale.signal.Windows;
import dev.telltale.torch.NativeScope;
import dev.telltale.torch.TorchEngine;
import dev.telltale.torch.TorchExecutor;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// A trained network in native memory. `close` waits for the calls under way.
final class TorchReconstructor implements Reconstructor {

    private final TorchExecutor executor;
    private final NativeScope scope;
    private final Network network;
    private final int length;
    private final int channels;
    private final int rows;
    private final int outputs;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    TorchReconstructor(
            TorchEngine engine,
            TorchExecutor executor,
            List<LayerDescription> layers,
            int length,
            int channels,
            Weights weights) {
        this.executor = executor;
        this.length = length;
        this.channels = channels;
        Widened wide = Widened.of(layers, weights);
        this.rows = FixedPass.rows(layers);
        this.outputs = wide.outputs();
        this.scope = engine.newScope();
        try {
            this.network = new Network(scope, wide.layers(), wide.weights());
        } catch (RuntimeException | OutOfMemoryError e) {
            scope.close();
            throw e;
        }
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
        Lock use = lock.readLock();
        use.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the reconstructor is closed");
            }
            return windows.count() == 0 ? windows : executor.call(() -> pass(windows));
        } finally {
            use.unlock();
        }
    }

    private Windows pass(Windows windows) {
        try (NativeScope inner = scope.inner()) {
            FixedPass pass = new FixedPass(inner, network, rows, windows.width(), outputs);
            return new Windows(pass.reconstruct(windows.values()), length, channels);
        }
    }

    @Override
    public void close() {
        Lock end = lock.writeLock();
        end.lock();
        try {
            if (!closed) {
                closed = true;
                scope.close();
            }
        } finally {
            end.unlock();
        }
    }
}
