package dev.telltale.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.SqliteJdbcCustomization;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemDocument;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Jobs whose turns db-scheduler gives, on one thread: DJL trains one model at a time.
///
/// What a job is stands in our own table alone; the scheduler knows ids.
final class ScheduledJobs implements Jobs, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduledJobs.class);

    /// Only a fallback: who submits a job tells the scheduler to look at once.
    private static final Duration POLLING_INTERVAL = Duration.ofSeconds(10);
    /// How long a run has to see that the service stops; then its thread is interrupted, and it has as long
    /// again. With the 20 s that requests get after it, the process ends within the 30 s that a container has.
    private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(4);
    /// When a job whose end could not be stored runs again.
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final JobTable table;
    private final InstantSource clock;
    private final int queueCapacity;
    private final Duration timeLimit;
    private final Scheduler scheduler;
    private final Endings endings = new Endings();

    /// Guards the two fields below it, and that no cancellation falls between a claim and its run.
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable RunningJob running;
    private boolean stopping;

    private volatile Map<String, JobRunner> runners = Map.of();

    /// @param writer data source over the single writer
    /// @param queueCapacity most jobs that wait at once
    /// @param timeLimit after which a run is told to end
    ScheduledJobs(DataSource writer, JobTable table, InstantSource clock, int queueCapacity, Duration timeLimit) {
        this.table = table;
        this.clock = clock;
        this.queueCapacity = queueCapacity;
        this.timeLimit = timeLimit;
        this.scheduler = Scheduler.create(
                        writer,
                        Tasks.oneTime(TurnTable.TASK)
                                .onFailure(new FailureHandler.OnFailureRetryLater<>(RETRY))
                                .execute((turn, context) -> run(Long.parseLong(turn.getId()))))
                .executorService(Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("telltale-jobs").factory()))
                .threads(1)
                .pollingInterval(POLLING_INTERVAL)
                .jdbcCustomization(new SqliteJdbcCustomization())
                .serializer(new NoData())
                .schedulerName(new SchedulerName.Fixed("telltale"))
                .shutdownMaxWait(SHUTDOWN_PATIENCE)
                .build();
    }

    /// Begins to do jobs, first those that an earlier process left.
    void start(Collection<JobRunner> known) {
        runners = known.stream().collect(Collectors.toUnmodifiableMap(JobRunner::kind, Function.identity()));
        table.recover();
        scheduler.start();
    }

    @Override
    public Job submit(String kind, String subject, String payload) {
        Job job = table.insert(kind, subject, payload, queueCapacity);
        scheduler.triggerCheckForDueExecutions();
        return job;
    }

    @Override
    public Optional<Job> find(long id) {
        return table.find(id);
    }

    @Override
    public List<Job> newest(long beforeId, int limit) {
        return table.newest(beforeId, limit);
    }

    @Override
    public Job cancel(long id) {
        lock.lock();
        try {
            Job job = table.cancel(id);
            if (running != null && running.id() == id) {
                running.stop(RunningJob.Stop.CANCELLED);
            }
            endings.announce();
            return job;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Job await(long id, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            long seen = endings.count();
            Job job = table.find(id).orElseThrow(() -> JobTable.unknown(id));
            if (job.state().isFinal() || isStopping() || !endings.awaitMoreThan(seen, deadline - System.nanoTime())) {
                return job;
            }
        }
    }

    @Override
    public boolean isTaken(String kind, String subject) {
        return table.isTaken(kind, subject);
    }

    /// Tells the running job to end, which puts it back into the queue, and waits for it. Jobs are still
    /// accepted; they run after the next start.
    @Override
    public void close() {
        lock.lock();
        try {
            stopping = true;
            if (running != null) {
                running.stop(RunningJob.Stop.SHUTDOWN);
            }
        } finally {
            lock.unlock();
        }
        endings.announce();
        scheduler.stop();
    }

    private void run(long id) {
        Optional<RunningJob> begun = begin(id);
        if (begun.isEmpty()) {
            return;
        }
        RunningJob run = begun.get();
        try {
            JobState state = work(run);
            if (state.isFinal()) {
                table.end(id, state, run.latest());
            } else {
                table.requeueRunning();
            }
        } finally {
            finish();
        }
    }

    private Optional<RunningJob> begin(long id) {
        lock.lock();
        try {
            if (stopping) {
                return Optional.empty();
            }
            Optional<RunningJob> run = table.claim(id).map(job -> new RunningJob(job, table, clock, timeLimit));
            running = run.orElse(null);
            return run;
        } finally {
            lock.unlock();
        }
    }

    private void finish() {
        lock.lock();
        try {
            running = null;
        } finally {
            lock.unlock();
        }
        endings.announce();
    }

    private boolean isStopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    /// Lets the runner work.
    ///
    /// @return where the job stands after that
    private JobState work(RunningJob run) {
        try {
            return new JobState.Succeeded(runner(run).run(run));
        } catch (Problem problem) {
            return run.stopped()
                    .orElseGet(() -> new JobState.Failed(
                            ProblemDocument.of(problem, run.job().path())));
        } catch (RuntimeException | Error crash) {
            return run.stopped().orElseGet(() -> crashed(run, crash));
        }
    }

    private JobRunner runner(RunningJob run) {
        JobRunner runner = runners.get(run.job().kind());
        if (runner == null) {
            throw new IllegalStateException(
                    "nothing runs jobs of kind " + run.job().kind());
        }
        return runner;
    }

    private static JobState crashed(RunningJob run, Throwable crash) {
        Job job = run.job();
        LOG.error("Job {}, {} of '{}', failed", job.id(), job.kind(), job.subject(), crash);
        return new JobState.Failed(ProblemDocument.of(
                500, "the service failed while it did job " + job.id() + "; its log says more", job.path()));
    }

    /// Turns carry no data, so nothing is ever read back from the table but ids.
    private static final class NoData implements Serializer {

        @Override
        public byte @Nullable [] serialize(@Nullable Object data) {
            if (data != null) {
                throw new IllegalArgumentException("a turn carries no data");
            }
            return null;
        }

        @Override
        public <T extends @Nullable Object> T deserialize(Class<T> type, byte @Nullable [] data) {
            throw new IllegalStateException("a turn carries no data");
        }
    }
}
