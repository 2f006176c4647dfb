package dev.telltale.ingest.remotewrite;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import dev.telltale.series.Pushed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What became of a request.
///
/// @param request as it was read
/// @param pushed what became of the samples of its valid series
/// @param protocol its version
record Outcome(SeriesCollector request, Pushed pushed, Protocol protocol) {

    /// A sender may read no more than 1,024 bytes of the answer, and its beginning says what it is.
    private static final int LONGEST_CAUSE = 400;

    /// Samples that were written: those that were done with as the sender wants, though they may be stored
    /// already, have no value, say that a series ends, or be of a series that is not wanted.
    long samplesWritten() {
        return request.all() - request.refused() - pushed.refusedSamples();
    }

    /// Why not all was written; empty if it was. Version 1.0 knows samples only: what came beside them is
    /// counted, and no failure.
    Optional<Problem> problem() {
        List<String> causes = new ArrayList<>();
        request.faults().stream().findFirst().ifPresent(fault -> causes.add(fault.pointer() + ": " + fault.detail()));
        for (Pushed.Refused refused : pushed.refused()) {
            causes.add(refused.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + refused.example());
        }
        if (protocol == Protocol.V2) {
            if (request.histograms() > 0) {
                causes.add("native histograms are not stored here");
            }
            if (request.exemplars() > 0) {
                causes.add("exemplars are not stored here");
            }
        }
        if (causes.isEmpty()) {
            return Optional.empty();
        }
        String cause = String.join("; ", causes);
        String shown = cause.length() <= LONGEST_CAUSE ? cause : cause.substring(0, LONGEST_CAUSE) + "…";
        List<ProblemError> errors = request.faults();
        return Optional.of(RemoteWriteProblem.PARTLY_WRITTEN
                .because(
                        "%s. Written: %d of %d samples, 0 of %d histograms, 0 of %d exemplars",
                        shown, samplesWritten(), request.all(), request.histograms(), request.exemplars())
                .with(errors));
    }
}
