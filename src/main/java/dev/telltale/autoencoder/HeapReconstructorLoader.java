package dev.telltale.autoencoder;

import dev.telltale.torch.TorchExecutor;
import java.util.List;

/// Copies weights into the arrays of a [NetworkPass].
public final class HeapReconstructorLoader implements ReconstructorLoader {

    private final TorchExecutor executor;

    /// @param executor on whose threads the reconstructors compute
    public HeapReconstructorLoader(TorchExecutor executor) {
        this.executor = executor;
    }

    @Override
    public Reconstructor load(Architecture architecture, int length, int channels, Weights weights) {
        List<LayerDescription> layers = architecture.layers(length, channels);
        return new HeapReconstructor(executor, NetworkPass.of(layers, weights.of(layers)), length, channels);
    }
}
