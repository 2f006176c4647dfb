package dev.telltale.series;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import dev.telltale.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The faults found in an upload so far, the first hundred of them. They refuse it, or they are tolerated
/// and told of in the answer.
final class SampleFaults {

    /// So many faults of a request are told of.
    static final int MOST = 100;

    private final boolean tolerated;
    private final List<ProblemError> errors = new ArrayList<>();
    private @Nullable ProblemType first;

    /// @param tolerated whether the rows without faults are stored
    SampleFaults(boolean tolerated) {
        this.tolerated = tolerated;
    }

    /// Notes a fault.
    ///
    /// @throws Problem with all faults, if they refuse the upload and there are a hundred now
    void add(ProblemType type, ProblemError error) {
        if (first == null) {
            first = type;
        }
        if (errors.size() < MOST) {
            errors.add(error);
        }
        if (errors.size() == MOST) {
            check();
        }
    }

    /// @throws Problem with all faults, if there are any and they refuse the upload
    void check() {
        if (first == null || tolerated) {
            return;
        }
        String count = errors.size() == MOST ? "at least " + MOST : Integer.toString(errors.size());
        throw first.because("nothing was stored: %s of the rows cannot be read", count)
                .with(errors);
    }

    boolean areTolerated() {
        return tolerated;
    }

    List<ProblemError> errors() {
        return List.copyOf(errors);
    }
}
