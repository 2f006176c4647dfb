package dev.telltale.series;

import dev.telltale.problem.ProblemError;
import java.util.ArrayList;
import java.util.List;

/// Of the faults of a body the hundred that stand first in it, in whatever order they are found.
final class FirstFaults {

    /// So many are told of.
    static final int MOST = 100;

    private final List<RowFault> faults = new ArrayList<>();
    private long count;

    void add(RowFault fault) {
        count++;
        int at = faults.size();
        while (at > 0 && faults.get(at - 1).place() > fault.place()) {
            at--;
        }
        if (at < MOST) {
            faults.add(at, fault);
        }
        if (faults.size() > MOST) {
            faults.removeLast();
        }
    }

    /// Adds those that another has kept.
    void addAll(FirstFaults others) {
        others.faults.forEach(this::add);
    }

    /// All that were found.
    long count() {
        return count;
    }

    /// By their places.
    List<ProblemError> errors() {
        return faults.stream().map(RowFault::error).toList();
    }
}
