package dev.telltale.autoencoder;

import dev.telltale.signal.Windows;
import java.util.Optional;

/// A trained autoencoder. Safe for many threads at once; after `close` every call fails.
public interface Reconstructor extends AutoCloseable {

    /// What the network thinks the windows should have been, same shape. A window's answer depends on
    /// that window only, bit for bit: however many others it is handed in with.
    ///
    /// @throws dev.telltale.problem.Problem if the windows' shape is not the network's, or too
    ///     many calls wait already
    Windows reconstruct(Windows windows);

    /// How much each row of a window looks at each other row; empty where the network has no attention.
    ///
    /// @param window one
    /// @throws dev.telltale.problem.Problem as `reconstruct`
    default Optional<AttentionWeights> attention(Windows window) {
        return Optional.empty();
    }

    @Override
    void close();
}
