package dev.telltale.autoencoder;

/// Native memory that something else than a training may come to hold while one runs.
@FunctionalInterface
public interface OtherMemory {

    /// Bytes, at most.
    long bytes();
}
