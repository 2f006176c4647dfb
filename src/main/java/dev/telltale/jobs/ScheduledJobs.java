package dev.telltale.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.SqliteJdbcCustomization;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.telltale.http.News;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemDocument;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Jobs whose turns db-scheduler gives, one at a time in each lane: DJL trains one model at a time, and an
/// upload does not wait for that.
///
/// What a job is stands in our own table alone; the scheduler knows ids. A turn is the right to do one job
/// of the lane in which its own job waits: the oldest, so that jobs run in the order of their ids whichever
/// turn comes first.
final class ScheduledJobs implements Jobs, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduledJobs.class);

    /// Only a fallback: who submits a job tells the scheduler to look at once.
    private static final Duration POLLING_INTERVAL = Duration.ofSeconds(10);
    /// How long a run has to see that the service stops; then its thread is interrupted, and it has as long
    /// again. With the 20 s that requests get after it, the process ends within the 30 s that a container has.
    private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(4);
    private static final int MOST_LANES = 8;
    /// When a job whose end could not be stored runs again.
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final JobTable table;
    private final InstantSource clock;
    private final int queueCapacity;
    private final Duration timeLimit;
    private final Scheduler scheduler;
    private final News news = new News();

    /// Guards the maps and the flag below it, and that no cancellation falls between a claim and its run.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Long, RunningJob> running = new HashMap<>();
    private final Map<String, Lane> lanes = new HashMap<>();
    private boolean stopping;

    private volatile Map<String, JobRunner> runners = Map.of();

    /// @param writer data source over the single writer
    /// @param queueCapacity most jobs that wait at once in a lane
    /// @param timeLimit after which a run is told to end
    /// @param periodic done beside the jobs, each on a thread of its own
    ScheduledJobs(
            DataSource writer,
            JobTable table,
            InstantSource clock,
            int queueCapacity,
            Duration timeLimit,
            List<PeriodicWork> periodic) {
        this.table = table;
        this.clock = clock;
        this.queueCapacity = queueCapacity;
        this.timeLimit = timeLimit;
        this.scheduler = Scheduler.create(
                        writer,
                        Tasks.oneTime(TurnTable.TASK)
                                .onFailure(new FailureHandler.OnFailureRetryLater<>(RETRY))
                                .execute((turn, context) -> run(Long.parseLong(turn.getId()))))
                .startTasks(periodic.stream().map(ScheduledJobs::task).toList())
                // A turn waits for its lane on a thread of its own: as many as there can be, for a turn that
                // stays behind might be of a lane that is free.
                .executorService(Executors.newVirtualThreadPerTaskExecutor())
                .threads(MOST_LANES * (queueCapacity + 1) + periodic.size())
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
        Job job = table.insert(kind, subject, payload, kindsBeside(kind), queueCapacity);
        scheduler.triggerCheckForDueExecutions();
        return job;
    }

    @Override
    public void refuseIfFull(String kind) {
        table.refuseIfFull(kindsBeside(kind), queueCapacity);
    }

    @Override
    public Optional<Job> find(long id) {
        return table.find(id);
    }

    @Override
    public List<Job> newest(JobFilter filter, long beforeId, int limit) {
        filter.refuseUnlessKnown(runners.keySet());
        return table.newest(filter, beforeId, limit);
    }

    @Override
    public Job cancel(long id) {
        lock.lock();
        try {
            Job job = table.cancel(id);
            RunningJob run = running.get(id);
            if (run != null) {
                run.stop(RunningJob.Stop.CANCELLED);
            }
            news.announce();
            return job;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Job await(long id, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            long seen = news.count();
            Job job = table.find(id).orElseThrow(() -> JobTable.unknown(id));
            if (job.state().isFinal() || !news.awaitMoreThan(seen, deadline - System.nanoTime())) {
                return job;
            }
        }
    }

    @Override
    public void follow(long id, Duration pause, Predicate<Job> follower) {
        while (true) {
            long seen = news.count();
            Optional<Job> job = table.find(id);
            if (job.isEmpty() || !follower.test(job.get()) || job.get().state().isFinal() || news.isOver()) {
                return;
            }
            news.awaitMoreThan(seen, pause.toNanos());
        }
    }

    @Override
    public boolean isTaken(String kind, String subject) {
        return table.isTaken(kind, subject);
    }

    /// Tells the running jobs to end, which puts them back into the queue, and waits for them. Jobs are still
    /// accepted; they run after the next start.
    @Override
    public void close() {
        List<Lane> closing;
        lock.lock();
        try {
            stopping = true;
            running.values().forEach(run -> run.stop(RunningJob.Stop.SHUTDOWN));
            closing = List.copyOf(lanes.values());
        } finally {
            lock.unlock();
        }
        news.end();
        scheduler.stop();
        Lane.close(closing, SHUTDOWN_PATIENCE);
    }

    /// Takes the turn of a job.
    private void run(long id) {
        table.find(id).flatMap(job -> lane(job.kind())).ifPresent(lane -> lane.run(() -> runNext(lane)));
    }

    /// Does the oldest job of a lane, on the lane's thread.
    private void runNext(Lane lane) {
        Optional<RunningJob> begun = begin(lane);
        if (begun.isEmpty()) {
            return;
        }
        RunningJob run = begun.get();
        try {
            JobState state = work(run);
            if (state.isFinal()) {
                table.end(run.id(), state, run.latest());
                tellOfEnd(run);
            } else {
                table.requeue(run.id());
            }
        } finally {
            finish(run);
        }
    }

    /// The lane in which jobs of this kind run; none once the service stops.
    private Optional<Lane> lane(String kind) {
        lock.lock();
        try {
            return stopping
                    ? Optional.empty()
                    : Optional.of(lanes.computeIfAbsent(nameOfLane(kind), name -> new Lane(name, kindsBeside(kind))));
        } finally {
            lock.unlock();
        }
    }

    /// The kinds of job that share a lane with this one, itself included.
    private List<String> kindsBeside(String kind) {
        String lane = nameOfLane(kind);
        List<String> kinds = runners.keySet().stream()
                .filter(other -> nameOfLane(other).equals(lane))
                .toList();
        return kinds.isEmpty() ? List.of(kind) : kinds;
    }

    /// A kind that nothing runs has a lane to fail in.
    private String nameOfLane(String kind) {
        JobRunner runner = runners.get(kind);
        return runner == null ? kind : runner.lane();
    }

    private Optional<RunningJob> begin(Lane lane) {
        lock.lock();
        try {
            if (stopping) {
                return Optional.empty();
            }
            Optional<RunningJob> run = table.claimOldest(lane.kinds())
                    .map(job -> new RunningJob(job, table, clock, timeLimit, news::announce));
            run.ifPresent(begun -> running.put(begun.id(), begun));
            news.announce();
            return run;
        } finally {
            lock.unlock();
        }
    }

    private void finish(RunningJob run) {
        lock.lock();
        try {
            running.remove(run.id());
        } finally {
            lock.unlock();
        }
        news.announce();
    }

    /// The job has ended, whatever its runner makes of that.
    private void tellOfEnd(RunningJob run) {
        JobRunner runner = runners.get(run.job().kind());
        if (runner == null) {
            return;
        }
        try {
            runner.ended(run.job().subject());
        } catch (RuntimeException e) {
            LOG.error("What job {} needed could not be removed", run.id(), e);
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

    /// Its turns are made anew at each start, as those of jobs are, and the first comes at once.
    private static RecurringTask<Void> task(PeriodicWork work) {
        return Tasks.recurring(work.name(), FixedDelay.of(work.interval())).execute((turn, context) -> work.run());
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
