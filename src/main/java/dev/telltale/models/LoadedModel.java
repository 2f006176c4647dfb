package dev.telltale.models;

import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.detection.CutForest;
import dev.telltale.detection.ScoreScale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A model ready to score, shared by those who borrowed it. Its network is closed by the last who gives
/// it back after the cache let it go.
final class LoadedModel implements AutoCloseable {

    /// Of the calibration: error and evidence, in the manifest and in the scale.
    private static final int BYTES_OF_A_KNOT = 4 * Double.BYTES;
    /// Of objects around the numbers, names among them.
    private static final int BYTES_OF_THE_REST = 8 << 10;

    private final Manifest manifest;
    private final ScoreScale scale;
    private final Reconstructor network;
    private final Optional<Hybrid> hybrid;
    private final AtomicInteger holders = new AtomicInteger(1); // the cache

    /// @param hybrid of a model with a partner
    LoadedModel(Manifest manifest, Reconstructor network, Optional<Hybrid> hybrid) {
        this.manifest = manifest;
        this.scale = manifest.scoring().scale();
        this.network = network;
        this.hybrid = hybrid;
    }

    Manifest manifest() {
        return manifest;
    }

    ScoreScale scale() {
        return scale;
    }

    Reconstructor network() {
        return network;
    }

    Optional<Hybrid> hybrid() {
        return hybrid;
    }

    /// Bytes that it takes in memory, about.
    long weight() {
        ModelSpecification specification = manifest.specification();
        long knots = (long) manifest.scoring().errors().length
                + (manifest.partner() == null ? 0 : manifest.partner().knots());
        long forest = specification.partner().equals(Optional.of(ModelSpecification.Partner.RANDOM_CUT_FOREST))
                ? CutForest.bytes(
                        specification.windowing().length(),
                        specification.series().size())
                : 0;
        return manifest.parameters() * Float.BYTES + knots * BYTES_OF_A_KNOT + forest + BYTES_OF_THE_REST;
    }

    /// To be called while somebody else still holds it.
    LoadedModel borrow() {
        if (holders.getAndIncrement() < 1) {
            throw new IllegalStateException("a model was borrowed after it was closed");
        }
        return this;
    }

    /// Gives it back.
    @Override
    public void close() {
        if (holders.decrementAndGet() == 0) {
            network.close();
        }
    }
}
