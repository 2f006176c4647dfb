package dev.telltale.series;

/// What happens to a sample whose time is stored already with another value.
public enum OnConflict {
    /// The whole batch is refused.
    REFUSE,
    /// The new value replaces the stored one.
    REPLACE,
    /// The stored value stays, and the sample is left out.
    KEEP,
}
