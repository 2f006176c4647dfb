package dev.telltale.alerts;

/// Why a receiver is told of an incident.
public enum Occasion {
    /// It is the first that the receiver hears of it.
    BEGAN,
    /// It lasts; this is its state now.
    CHANGED,
    /// It is over.
    ENDED
}
