package dev.telltale.live;

/// Knows whom a detector can tell.
@FunctionalInterface
public interface KnownReceivers {

    /// Whether there is a receiver of this name.
    boolean has(String name);
}
