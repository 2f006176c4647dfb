package dev.telltale.jobs;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A job as the API shows it. What is not known yet, or never will be, is null.
///
/// @param result path of what it made
/// @param problem why it failed, a problem document
record JobDocument(
        String id,
        String kind,
        String subject,
        String state,
        @Nullable JobProgress progress,
        @Nullable String result,
        @Nullable Map<String, Object> problem,
        String created,
        @Nullable String started,
        @Nullable String finished) {

    static JobDocument of(Job job) {
        return new JobDocument(
                Long.toString(job.id()),
                job.kind(),
                job.subject(),
                job.state().label(),
                job.progress().orElse(null),
                job.state() instanceof JobState.Succeeded(String result) ? result : null,
                job.state() instanceof JobState.Failed failed ? failed.problem().toMap() : null,
                job.created().toString(),
                job.started().map(Instant::toString).orElse(null),
                job.finished().map(Instant::toString).orElse(null));
    }
}
