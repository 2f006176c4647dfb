package dev.telltale.series;

import java.util.TreeSet;

/// Numbers the rows of the journal. Sequences ascend for each series, since who appends holds its series;
/// rows of different series may reach the disk in any order.
final class JournalSequences {

    private final TreeSet<Long> underWay = new TreeSet<>(); // guarded by itself
    private long next; // guarded by underWay

    /// @param highest sequence that was given before
    JournalSequences(long highest) {
        next = highest + 1;
    }

    /// The sequence of a row about to be written; its samples count as not compacted until `ended`.
    long begin() {
        synchronized (underWay) {
            long sequence = next++;
            underWay.add(sequence);
            return sequence;
        }
    }

    /// The samples of the row are in their heads now, or the row was not written.
    void ended(long sequence) {
        synchronized (underWay) {
            underWay.remove(sequence);
        }
    }

    /// The lowest sequence of rows that are under way or not begun. To find the rows that nobody needs,
    /// ask this first and the heads afterwards: samples move from here to the heads, not back.
    long oldestUnderWay() {
        synchronized (underWay) {
            return underWay.isEmpty() ? next : underWay.first();
        }
    }
}
