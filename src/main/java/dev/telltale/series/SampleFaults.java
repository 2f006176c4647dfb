package dev.telltale.series;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/// The faults found in an upload so far. They refuse it, or they are tolerated and told of in the answer.
final class SampleFaults {

    private final boolean tolerated;
    private final FirstFaults found = new FirstFaults();
    private @Nullable ProblemType first;

    /// @param tolerated whether the rows without faults are stored
    SampleFaults(boolean tolerated) {
        this.tolerated = tolerated;
    }

    /// Notes a fault.
    ///
    /// @throws Problem with all faults, if they refuse the upload and there are as many now as are told of
    void add(ProblemType type, RowFault fault) {
        if (first == null) {
            first = type;
        }
        found.add(fault);
        if (found.count() == FirstFaults.MOST) {
            check();
        }
    }

    /// @throws Problem with all faults, if there are any and they refuse the upload
    void check() {
        if (first == null || tolerated) {
            return;
        }
        String count = (found.count() == FirstFaults.MOST ? "at least " : "") + found.count();
        throw first.because("nothing was stored: %s of the rows cannot be read", count)
                .with(found.errors());
    }

    boolean areTolerated() {
        return tolerated;
    }

    FirstFaults found() {
        return found;
    }
}
