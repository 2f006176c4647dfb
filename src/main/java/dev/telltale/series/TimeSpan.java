package dev.telltale.series;

/// A stretch of time.
///
/// @param first epoch milliseconds UTC
/// @param last not before `first`, which it has in it
record TimeSpan(long first, long last) {

    TimeSpan {
        if (last < first) {
            throw new IllegalArgumentException("a span that begins at " + first + " cannot end at " + last);
        }
    }

    /// The span from the first to the last of both.
    TimeSpan and(TimeSpan other) {
        return new TimeSpan(Math.min(first, other.first), Math.max(last, other.last));
    }
}
