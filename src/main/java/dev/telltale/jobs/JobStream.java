package dev.telltale.jobs;

import dev.telltale.http.EntityTag;
import dev.telltale.http.EventWriter;
import dev.telltale.http.Json;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// Tells of one job as server-sent events. Each event holds the whole job, so whoever missed some lacks only
/// what is past: nothing is kept for him. An event's id is the hash of what it says. Who comes back with one
/// hears nothing that he has heard, also after a restart of the service.
///
/// Events are named `state` where the state is another one than before, and `progress` else.
final class JobStream {

    /// How often a stream looks whether a heartbeat is due.
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /// Shows a job as it stands, again and again, as `Jobs.follow` does.
    @FunctionalInterface
    interface Source {
        void follow(long jobId, Duration pause, Predicate<Job> follower);
    }

    private final Source jobs;
    private final Json json;
    private final LongSupplier nanoTime;

    /// @param nanoTime as `System.nanoTime` tells it
    JobStream(Source jobs, Json json, LongSupplier nanoTime) {
        this.jobs = jobs;
        this.json = json;
        this.nanoTime = nanoTime;
    }

    /// The id of the event that tells of the job as it stands.
    String idOf(Job job) {
        return EntityTag.hashing(text(job)).value();
    }

    /// Writes events until the job has ended, the service stops or the reader has gone.
    ///
    /// @param lastId of the last event that the reader has, empty if he has none
    void write(long jobId, String lastId, OutputStream out) {
        EventWriter events = new EventWriter(out, nanoTime);
        if (events.begin()) {
            jobs.follow(jobId, PAUSE, new Reader(lastId, events)::tell);
        }
    }

    private String text(Job job) {
        return new String(json.write(JobDocument.of(job)), StandardCharsets.UTF_8);
    }

    /// What one reader has heard.
    private final class Reader {

        private final EventWriter events;
        private String lastId;
        private String lastState = "";

        private Reader(String lastId, EventWriter events) {
            this.lastId = lastId;
            this.events = events;
        }

        /// Sends what is new, or a sign of life when it is time.
        ///
        /// @return whether there is still somebody to tell
        private boolean tell(Job job) {
            String id = idOf(job);
            String state = job.state().label();
            boolean isNews = !id.equals(lastId);
            String name = state.equals(lastState) ? "progress" : "state";
            lastState = state;
            lastId = id;
            return isNews ? events.send(id, name, text(job)) : events.beat();
        }
    }
}
