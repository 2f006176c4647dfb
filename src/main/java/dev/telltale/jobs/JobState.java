package dev.telltale.jobs;

import dev.telltale.problem.ProblemDocument;
import java.util.List;
import java.util.Locale;

/// Where a job stands, with what that state alone knows.
public sealed interface JobState {

    /// Waits for its turn.
    record Queued() implements JobState {}

    /// Is being worked on.
    record Running() implements JobState {}

    /// Is done.
    ///
    /// @param result path of what it made, such as `/api/v1/models/disk-writes`
    record Succeeded(String result) implements JobState {}

    /// Ended without a result.
    ///
    /// @param problem why
    record Failed(ProblemDocument problem) implements JobState {}

    /// Was stopped by a caller before it had a result.
    record Cancelled() implements JobState {}

    /// The names of all states in the order in which a job meets them.
    List<String> LABELS = List.of("queued", "running", "succeeded", "failed", "cancelled");

    /// Whether the state will never change again.
    default boolean isFinal() {
        return switch (this) {
            case Queued(), Running() -> false;
            case Succeeded ignored -> true;
            case Failed ignored -> true;
            case Cancelled() -> true;
        };
    }

    /// The state's name in the API, in the store and in meters, such as `queued`.
    default String label() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
