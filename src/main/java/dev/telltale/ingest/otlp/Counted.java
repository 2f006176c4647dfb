package dev.telltale.ingest.otlp;

import java.util.Optional;

/// A point of a stream that counts up from a start. What it tells shows beside an earlier point of the same
/// start.
interface Counted {

    /// When counting began, nanoseconds since 1970; 0 if the sender does not know.
    long start();

    /// Nanoseconds since 1970.
    long time();

    /// What happened between an earlier point and this one, or nothing if counting began anew between them.
    ///
    /// @param earlier of the same start, its time is before that of this one
    Optional<Readings> since(Counted earlier);

    /// Whether the other one says the same, times left out.
    boolean says(Counted other);

    /// About how much heap it takes.
    int bytes();
}
