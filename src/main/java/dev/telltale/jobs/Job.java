package dev.telltale.jobs;

import java.time.Instant;
import java.util.Optional;

/// A piece of background work as the store knows it.
///
/// @param id given by the server, ascending in the order of submission; a decimal string in the API
/// @param kind what is done, the name of the runner that does it, such as `training`
/// @param subject name of what it is done to, such as the model's; free again when the job has ended
/// @param payload what the runner was told, a JSON object
/// @param progress the last that the runner reported
/// @param started when its current run began
public record Job(
        long id,
        String kind,
        String subject,
        String payload,
        JobState state,
        Optional<JobProgress> progress,
        Instant created,
        Optional<Instant> started,
        Optional<Instant> finished) {

    /// The path at which callers find it.
    public String path() {
        return "/api/v1/jobs/" + id;
    }
}
