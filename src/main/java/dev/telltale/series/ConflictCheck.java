package dev.telltale.series;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Compares a batch, or an upload slice by slice, with what is stored: which samples are there already, and
/// which contradict. The caller holds all series.
final class ConflictCheck {

    private final OnConflict onConflict;
    private final FirstFaults conflicts = new FirstFaults();

    ConflictCheck(OnConflict onConflict) {
        this.onConflict = onConflict;
    }

    /// Rows that are not to be stored.
    ///
    /// @param unchanged rows that are stored with the same value
    /// @param contradicting rows that are stored with another value, unless that is to be replaced
    record Known(BitSet unchanged, BitSet contradicting) {

        BitSet all() {
            BitSet all = (BitSet) unchanged.clone();
            all.or(contradicting);
            return all;
        }

        /// What became of the batch, of which all other rows were stored.
        Acceptance acceptance(SortedBatch batch) {
            return new Acceptance(batch.count() - all().cardinality(), unchanged.cardinality());
        }
    }

    /// What is known of the rows of a batch.
    ///
    /// @param series of each run of the batch
    Known known(ChunkReads chunks, SortedBatch batch, List<StoredSeries> series) {
        Known known = new Known(new BitSet(), new BitSet());
        List<Integer> late = new ArrayList<>();
        for (int run = 0; run < batch.runs(); run++) {
            if (batch.time(batch.from(run)) <= series.get(run).head().newest()) {
                late.add(run);
            }
        }
        if (!late.isEmpty()) {
            // The usual batch is newer than all that is stored and never comes here.
            chunks.read(table -> {
                for (int run : late) {
                    compare(batch, run, series.get(run).head(), table, known);
                }
                return true;
            });
        }
        return known;
    }

    /// @throws dev.telltale.problem.Problem if another value is stored and that refuses the samples
    void refuse() {
        if (conflicts.count() > 0 && onConflict == OnConflict.REFUSE) {
            throw SeriesProblem.CONFLICTING_SAMPLE
                    .because(
                            "%d samples have another value than the stored ones; nothing was stored; replace=true overwrites",
                            conflicts.count())
                    .with(conflicts.errors());
        }
    }

    /// The rows that contradict.
    FirstFaults conflicts() {
        return conflicts;
    }

    private void compare(SortedBatch batch, int run, Head head, ChunkTable chunks, Known known) throws SQLException {
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
                known.unchanged().set(row);
            } else if (!Double.isNaN(present) && onConflict != OnConflict.REPLACE) {
                known.contradicting().set(row);
                conflicts.add(batch.fault(
                        row,
                        "series " + batch.seriesId(run) + " has " + present + " at "
                                + Instant.ofEpochMilli(batch.time(row)) + ", " + batch.value(row) + " came"));
            }
        }
    }
}
