package dev.telltale.autoencoder;

/// Hears of a training while it runs, on the training's thread.
public interface TrainingListener {

    void epochDone(EpochLosses losses);

    /// Whether the training should end now; asked before every batch.
    boolean cancelled();
}
