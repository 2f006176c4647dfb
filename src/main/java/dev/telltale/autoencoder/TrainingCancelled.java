package dev.telltale.autoencoder;

/// A training ended because its listener asked for it.
public final class TrainingCancelled extends RuntimeException {

    private static final long serialVersionUID = 1;

    public TrainingCancelled() {
        super("the training was cancelled", null, false, false);
    }
}
