package dev.telltale.autoencoder;

/// Hears of a training while it runs, on the training's thread.
public interface TrainingListener {

    void epochDone(EpochLosses losses);

    /// Is shown the network as an epoch left it, before `epochDone`. It answers on the calling thread.
    default void epochTrained(Reconstructor network) {}

    /// Whether the training should end now; asked before every batch.
    boolean cancelled();
}
