package dev.telltale.access;

import java.io.IOException;
import java.util.Optional;

/// Reads a log of events from its end, in bounded steps: where there is little to find, a part of the list is short and
/// says where it goes on.
interface AuditReader {

    /// So much is read for one part.
    long MOST_BYTES = 4L << 20;

    /// What to do with a line.
    enum Choice {
        TAKE,
        PASS,
        /// What is older is not wanted.
        END
    }

    /// Chooses among the lines, each without its line feed.
    @FunctionalInterface
    interface Chooser {
        Choice of(byte[] line);
    }

    /// Shows lines to `chooser`, the newest first, until it has taken `limit`, or wants no more, or much was read.
    ///
    /// @param place before which to begin, as it was given back, or else at the end of the log
    /// @return before which to go on, empty at the beginning of the log
    /// @throws IllegalArgumentException if this is no place of a log
    /// @throws dev.telltale.problem.Problem if the database cannot be read now
    Optional<String> read(Optional<String> place, int limit, Chooser chooser) throws IOException;
}
