package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Weights.Parameter;
import java.util.List;
import java.util.Optional;

/// The way of windows through a network that is not being trained, in plain Java. A window's answer is the
/// same bits whatever comes with it, on every processor. Safe for many threads at once.
public sealed interface NetworkPass permits DensePass, AttentionPass {

    /// The pass of a network.
    ///
    /// @param layers of a whole network
    /// @param parameters in the order of the layers, as [Weights#of] gives them; copied
    static NetworkPass of(List<LayerDescription> layers, List<Parameter> parameters) {
        return layers.stream().allMatch(layer -> layer.layer() instanceof Layer.Dense)
                ? new DensePass(layers, parameters.iterator())
                : new AttentionPass(layers, parameters.iterator());
    }

    /// What the network makes of windows.
    ///
    /// @param windows (N, L·C), row-major
    /// @return same shape
    float[] reconstruct(float[] windows);

    /// How much each row of a window looks at each other row, where the network has attention.
    ///
    /// @param window (L, C), row-major
    default Optional<AttentionWeights> attention(float[] window) {
        return Optional.empty();
    }
}
