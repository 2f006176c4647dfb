package dev.telltale.series;

import java.util.List;

/// What became of pushed samples. Those that could be stored were, and are on disk.
///
/// @param accepted samples that are new
/// @param unchanged samples that were stored before with the same value
/// @param own samples of Telltale's own series, which are left out
/// @param missing samples without a finite value, which say that there is none
/// @param refused the others, by what is wrong with them
public record Pushed(long accepted, long unchanged, long own, long missing, List<Refused> refused) {

    /// Samples that were not stored.
    ///
    /// @param example what is said of the first of them
    public record Refused(Reason reason, long samples, String example) {}

    /// What is wrong with a sample. None gets better by being sent again.
    public enum Reason {
        /// Older than the setting allows.
        TOO_OLD,
        /// Later than the clock allows.
        IN_FUTURE,
        /// Another value is stored at its time, or came with it.
        CONFLICT,
        /// Its series would be one more than the limit.
        SERIES_LIMIT,
        /// Its series was deleted after it was sent.
        SERIES_GONE,
    }

    public Pushed {
        refused = List.copyOf(refused);
    }

    /// What became of all but those that are new.
    Pushed withoutAccepted() {
        return new Pushed(0, unchanged, own, missing, refused);
    }

    /// Samples that are stored now, also if they were before.
    public long stored() {
        return accepted + unchanged;
    }

    public long refusedSamples() {
        return refused.stream().mapToLong(Refused::samples).sum();
    }
}
