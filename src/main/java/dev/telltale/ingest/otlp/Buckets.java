package dev.telltale.ingest.otlp;

import java.util.Optional;

/// How many values fell into which bucket since a start.
interface Buckets {

    /// The values that came since an earlier state, or nothing if the buckets are others now or have lost
    /// values.
    Optional<Distribution> since(Buckets earlier);

    /// All values, as those of one interval.
    ///
    /// @param min of the interval, NaN if not known
    /// @param max of the interval, NaN if not known
    Distribution all(double min, double max);

    boolean says(Buckets other);

    int bytes();
}
