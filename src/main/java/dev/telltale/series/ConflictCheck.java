package dev.telltale.series;

import dev.telltale.database.Database;
import dev.telltale.problem.ProblemError;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Compares a batch with what is stored: which samples are there already, and which contradict.
/// The caller holds all series of the batch.
final class ConflictCheck {

    private static final int MOST_ERRORS = 100;

    private final SortedBatch batch;
    private final OnConflict onConflict;
    private final BitSet unchanged = new BitSet();
    private final List<ProblemError> conflicts = new ArrayList<>();
    private long conflictCount;

    private ConflictCheck(SortedBatch batch, OnConflict onConflict) {
        this.batch = batch;
        this.onConflict = onConflict;
    }

    /// Rows of the batch that are stored with the same value.
    ///
    /// @param series of each run of the batch
    /// @throws dev.telltale.problem.Problem if another value is stored and conflicts are refused
    static BitSet unchanged(Database database, SortedBatch batch, List<StoredSeries> series, OnConflict onConflict) {
        ConflictCheck check = new ConflictCheck(batch, onConflict);
        List<Integer> late = new ArrayList<>();
        for (int run = 0; run < batch.runs(); run++) {
            if (batch.time(batch.from(run)) <= series.get(run).head().newest()) {
                late.add(run);
            }
        }
        if (!late.isEmpty()) {
            // The usual batch is newer than all that is stored and never comes here.
            database.read(connection -> {
                try (ChunkTable chunks = new ChunkTable(connection)) {
                    for (int run : late) {
                        check.compare(run, series.get(run).head(), chunks);
                    }
                    return true;
                }
            });
        }
        check.refuse();
        return check.unchanged;
    }

    private void compare(int run, Head head, ChunkTable chunks) throws SQLException {
        int from = batch.from(run);
        long newest = Math.min(head.newestInChunks(), batch.time(batch.to(run) - 1));
        int inChunks = Arrays.binarySearch(batch.times(), from, batch.to(run), newest);
        int to = inChunks >= 0 ? inChunks + 1 : -inChunks - 1;
        double[] stored =
                chunks.valuesAt(batch.seriesId(run), Arrays.copyOfRange(batch.times(), from, Math.max(from, to)));
        for (int row = from; row < batch.to(run); row++) {
            double present = head.valueAt(batch.time(row));
            if (Double.isNaN(present) && row < to) {
                present = stored[row - from];
            }
            if (present == batch.value(row)) {
                unchanged.set(row);
            } else if (!Double.isNaN(present) && onConflict == OnConflict.REFUSE) {
                note(run, row, present);
            }
        }
    }

    private void note(int run, int row, double present) {
        conflictCount++;
        if (conflicts.size() < MOST_ERRORS) {
            conflicts.add(ProblemError.at(
                    "/samples/" + batch.origin(row),
                    "series " + batch.seriesId(run) + " has " + present + " at " + Instant.ofEpochMilli(batch.time(row))
                            + ", " + batch.value(row) + " came"));
        }
    }

    private void refuse() {
        if (conflictCount > 0) {
            throw SeriesProblem.CONFLICTING_SAMPLE
                    .because(
                            "%d samples have another value than the stored ones; nothing was stored; replace=true overwrites",
                            conflictCount)
                    .with(conflicts);
        }
    }
}
