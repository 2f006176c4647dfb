package dev.telltale.live;

import dev.telltale.database.Database;

/// Ids of anomalies, known before these are stored. They are taken in blocks, so that only one of many waits for the
/// disk; what is left of a block when the process ends is lost.
final class AnomalyIds {

    private static final int BLOCK = 32;

    private final Database database;
    private long last;
    private int left;

    AnomalyIds(Database database) {
        this.database = database;
    }

    /// An id above all that this gave before, and that nobody else has.
    ///
    /// @throws dev.telltale.problem.Problem if the store takes no writes now
    synchronized long next() {
        if (left == 0) {
            last = database.<Long>write(connection -> Counter.ANOMALY.take(connection, BLOCK));
            left = BLOCK;
        }
        left--;
        return last - left;
    }
}
