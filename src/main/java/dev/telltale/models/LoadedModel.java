package dev.telltale.models;

import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.detection.ScoreScale;
import java.util.concurrent.atomic.AtomicInteger;

/// A model ready to score, shared by those who borrowed it. Its network is closed by the last who gives
/// it back after the cache let it go.
final class LoadedModel implements AutoCloseable {

    private final Manifest manifest;
    private final ScoreScale scale;
    private final Reconstructor network;
    private final AtomicInteger holders = new AtomicInteger(1); // the cache

    LoadedModel(Manifest manifest, Reconstructor network) {
        this.manifest = manifest;
        this.scale = manifest.scoring().scale();
        this.network = network;
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

    /// Bytes of its weights.
    long weight() {
        return manifest.parameters() * Float.BYTES;
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
