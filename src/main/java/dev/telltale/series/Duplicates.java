package dev.telltale.series;

/// What becomes of rows of one upload that share a time.
public enum Duplicates {
    /// The upload is refused.
    REFUSE,
    /// The first row counts.
    FIRST,
    /// The last row counts.
    LAST,
    /// Their mean counts.
    MEAN,
}
