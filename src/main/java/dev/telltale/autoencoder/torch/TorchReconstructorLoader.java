package dev.telltale.autoencoder.torch;

import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.ReconstructorLoader;
import dev.telltale.autoencoder.Weights;
import dev.telltale.torch.TorchEngine;
import dev.telltale.torch.TorchExecutor;

/// Copies weights into native memory.
public final class TorchReconstructorLoader implements ReconstructorLoader {

    private final TorchEngine engine;
    private final TorchExecutor executor;

    public TorchReconstructorLoader(TorchEngine engine, TorchExecutor executor) {
        this.engine = engine;
        this.executor = executor;
    }

    @Override
    public Reconstructor load(Architecture architecture, int length, int channels, Weights weights) {
        return new TorchReconstructor(
                engine, executor, architecture.layers(length, channels), length, channels, weights);
    }
}
