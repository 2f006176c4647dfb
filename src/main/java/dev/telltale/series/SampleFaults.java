package dev.telltale.series;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The faults found in an upload so far. After a hundred, reading on helps nobody.
final class SampleFaults {

    private static final int MOST = 100;

    private final List<ProblemError> errors = new ArrayList<>();
    private @Nullable SeriesProblem first;

    /// Notes a fault.
    ///
    /// @throws Problem with all faults, if there are a hundred now
    void add(SeriesProblem type, ProblemError error) {
        if (first == null) {
            first = type;
        }
        errors.add(error);
        if (errors.size() == MOST) {
            check();
        }
    }

    /// @throws Problem with all faults, if there are any
    void check() {
        if (first == null) {
            return;
        }
        String count = errors.size() == MOST ? "at least " + MOST : Integer.toString(errors.size());
        throw first.because("nothing was stored: %s of the rows cannot be read", count)
                .with(errors);
    }
}
