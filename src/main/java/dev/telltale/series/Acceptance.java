package dev.telltale.series;

/// What became of a batch that was accepted.
///
/// @param accepted samples that were stored
/// @param unchanged samples that were stored before with the same value
public record Acceptance(long accepted, long unchanged) {

    static final Acceptance NONE = new Acceptance(0, 0);

    /// What became of this batch and another.
    Acceptance plus(Acceptance other) {
        return new Acceptance(accepted + other.accepted, unchanged + other.unchanged);
    }
}
