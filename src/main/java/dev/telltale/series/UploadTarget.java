package dev.telltale.series;

/// Where the samples of an upload go.
sealed interface UploadTarget {

    /// One series, made without labels if it is a name that none has.
    ///
    /// @param reference id or name
    record One(String reference) implements UploadTarget {}

    /// The series that a CSV names, made where they are new.
    ///
    /// @param prefix of their metric names
    /// @param labels that all of them get
    record Several(String prefix, Labels labels) implements UploadTarget {}
}
