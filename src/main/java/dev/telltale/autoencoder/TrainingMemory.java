package dev.telltale.autoencoder;

import java.util.List;

/// What a training will need at its peak, known before it begins.
public final class TrainingMemory {

    private static final long COPIES_OF_ACTIVATIONS = 3; // the value, its gradient, and one in the making
    /// The value, its gradient, the first, the best, the result, and three to measure losses: that of the last
    /// epoch may not be collected yet.
    private static final long COPIES_OF_PARAMETERS = 8;

    private static final long COPIES_OF_WINDOWS = 2; // and what the network makes of them

    /// Of any training, however small: what the engine and the compiler keep of their own.
    private static final long FIXED_BYTES = 4 << 20;

    private TrainingMemory() {}

    /// Bytes for the weights, their gradients and the optimizer's memory, for the activations of a batch,
    /// and for the windows.
    ///
    /// @param windows training, validation and test windows together
    public static long estimate(
            Architecture architecture, int length, int channels, long windows, TrainingSettings settings) {
        List<LayerDescription> layers = architecture.layers(length, channels);
        long width = (long) length * channels;
        long parameters =
                layers.stream().mapToLong(LayerDescription::parameters).sum();
        long activations =
                width + layers.stream().mapToLong(TrainingMemory::activations).sum();
        long batch = Math.min(settings.batchSize(), Math.max(1, windows));
        long floats = parameters * (COPIES_OF_PARAMETERS + settings.optimizer().moments())
                + activations * batch * COPIES_OF_ACTIVATIONS
                + windows * (width * COPIES_OF_WINDOWS + 1); // one for its place in the order
        return FIXED_BYTES + floats * Float.BYTES;
    }

    /// Values that a layer computes for one window and the engine keeps for the gradient.
    private static long activations(LayerDescription layer) {
        if (layer.layer() instanceof Layer.SelfAttention(int heads)) {
            long length = layer.inputShape().getFirst();
            long maps = Layer.SelfAttention.MAPS.size();
            return layer.values() * (maps + 1) + 2L * heads * length * length; // the context; scores and weights
        }
        return layer.values();
    }

    /// Refuses a training that would need more than it may use.
    ///
    /// @throws dev.telltale.problem.Problem with the members `neededBytes` and `allowedBytes`
    public static void check(long neededBytes, long allowedBytes) {
        if (neededBytes > allowedBytes) {
            throw AutoencoderProblem.TOO_EXPENSIVE
                    .because(
                            "the training would need %d bytes, %d are allowed; a smaller batch, fewer units,"
                                    + " a shorter window or a shorter range would help",
                            neededBytes, allowedBytes)
                    .with("neededBytes", neededBytes)
                    .with("allowedBytes", allowedBytes);
        }
    }
}
