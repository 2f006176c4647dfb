package dev.telltale.autoencoder;

/// Makes reconstructors of weights.
public interface ReconstructorLoader {

    /// A reconstructor of windows of shape (L, C); whoever asks for it closes it.
    ///
    /// @throws dev.telltale.problem.Problem if the weights are not those of the architecture or not finite
    Reconstructor load(Architecture architecture, int length, int channels, Weights weights);
}
