package dev.telltale.jobs;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemDocument;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A run while it lasts: hears that it shall end, and stores its progress a few times a second.
final class RunningJob implements JobRun {

    /// Why a run shall end before it is done.
    enum Stop {
        CANCELLED,
        SHUTDOWN,
        TIME_IS_OVER
    }

    private static final Logger LOG = LoggerFactory.getLogger(RunningJob.class);

    /// Each stored progress costs a synced commit.
    private static final long MILLIS_BETWEEN_STORES = 250;

    private final Job job;
    private final JobTable table;
    private final InstantSource clock;
    private final Duration timeLimit;
    private final Instant deadline;
    private final Runnable noted;
    private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();
    private @Nullable JobProgress latest;
    private long storedAt;

    /// @param noted is told after each stored progress
    RunningJob(Job job, JobTable table, InstantSource clock, Duration timeLimit, Runnable noted) {
        this.job = job;
        this.table = table;
        this.clock = clock;
        this.timeLimit = timeLimit;
        this.noted = noted;
        this.deadline = clock.instant().plus(timeLimit);
    }

    Job job() {
        return job;
    }

    @Override
    public long id() {
        return job.id();
    }

    @Override
    public String subject() {
        return job.subject();
    }

    @Override
    public String payload() {
        return job.payload();
    }

    @Override
    public void progress(JobProgress progress) {
        latest = progress;
        long now = clock.millis();
        // A clock that was set back must not silence it.
        if (Math.abs(now - storedAt) >= MILLIS_BETWEEN_STORES) {
            storedAt = now;
            try {
                table.progress(job.id(), progress);
                noted.run();
            } catch (Problem storeIsBusy) {
                LOG.debug("The progress of job {} was not stored: {}", job.id(), storeIsBusy.detail());
            }
        }
    }

    @Override
    public boolean cancelled() {
        if (clock.instant().isAfter(deadline)) {
            stop(Stop.TIME_IS_OVER);
        }
        return stop.get() != null;
    }

    /// Tells the run to end. The first reason counts.
    void stop(Stop reason) {
        stop.compareAndSet(null, reason);
    }

    Optional<JobProgress> latest() {
        return Optional.ofNullable(latest);
    }

    /// Where the job stands once its run has thrown something, if the run had been told to end.
    Optional<JobState> stopped() {
        Stop reason = stop.get();
        return reason == null ? Optional.empty() : Optional.of(stateAfter(reason));
    }

    private JobState stateAfter(Stop reason) {
        return switch (reason) {
            case CANCELLED -> new JobState.Cancelled();
            case SHUTDOWN -> new JobState.Queued();
            case TIME_IS_OVER ->
                new JobState.Failed(ProblemDocument.of(
                        JobsProblem.JOB_TOOK_TOO_LONG.because(
                                "the job did not end within %s; ask for less work or raise telltale.jobs.time-limit",
                                timeLimit),
                        job.path()));
        };
    }
}
