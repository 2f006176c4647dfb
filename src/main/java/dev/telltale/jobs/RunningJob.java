package dev.telltale.jobs;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemDocument;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A run while it lasts: hears that it shall end, and stores its progress a few times a second.
final class RunningJob implements JobRun {

    /// Why a run shall end before it is done.
    enum Stop {
        CANCELLED,
        SHUTDOWN,
        TIME_IS_OVER,
        /// The job is another's, or will be: the database has not heard of this process for too long.
        LOST
    }

    private static final Logger LOG = LoggerFactory.getLogger(RunningJob.class);

    /// Each stored progress costs a synced commit.
    private static final long MILLIS_BETWEEN_STORES = 250;

    private final Job job;
    private final long token;
    private final Fence fence;
    private final JobTable table;
    private final InstantSource clock;
    private final Duration timeLimit;
    private final Instant deadline;
    private final Runnable noted;
    private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();
    private @Nullable JobProgress latest;
    private long storedAt;

    /// @param noted is told after each stored progress
    RunningJob(Claim claim, JobTable table, InstantSource clock, Duration timeLimit, Runnable noted) {
        this.job = claim.job();
        this.token = claim.token();
        this.table = table;
        this.fence = table.fence(job.id(), token, () -> stop(Stop.LOST));
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

    long token() {
        return token;
    }

    @Override
    public Fence fence() {
        return fence;
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
                if (!table.progress(job.id(), token, progress)) {
                    stop(Stop.LOST);
                }
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

    /// Where the job stands once its run has thrown something; nothing where that is not for this run to say.
    ///
    /// @param unlessStopped where it stands if the run had not been told to end
    Optional<JobState> after(Supplier<JobState> unlessStopped) {
        Stop reason = stop.get();
        return reason == null ? Optional.of(unlessStopped.get()) : after(reason);
    }

    private Optional<JobState> after(Stop reason) {
        return switch (reason) {
            case CANCELLED -> Optional.of(new JobState.Cancelled());
            case SHUTDOWN -> Optional.of(new JobState.Queued());
            case LOST -> Optional.empty();
            case TIME_IS_OVER ->
                Optional.of(new JobState.Failed(ProblemDocument.of(
                        JobsProblem.JOB_TOOK_TOO_LONG.because(
                                "the job did not end within %s; ask for less work or raise telltale.jobs.time-limit",
                                timeLimit),
                        job.path())));
        };
    }
}
