package dev.telltale.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.telltale.database.Database;
import dev.telltale.database.Dialect;
import dev.telltale.database.Pulse;
import dev.telltale.database.SqlWork;
import dev.telltale.http.News;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemDocument;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Jobs whose turns db-scheduler gives, in each process one at a time in each lane: DJL trains one model at a time,
/// and an upload does not wait for that.
///
/// What a job is stands in our own table alone; the scheduler knows ids. A turn is the right to do its job. On
/// PostgreSQL other processes may take turns too: what a process did that is not heard of any more another takes over,
/// and whatever the first still says of it is refused by the token of its run. SQLite has one process, so all that it
/// finds at its start was left by an earlier one.
final class ScheduledJobs implements Jobs, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduledJobs.class);

    /// How long a run has to see that the service stops; then its thread is interrupted, and it has as long
    /// again. With the 20 s that requests get after it, the process ends within the 30 s that a container has.
    private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(4);
    /// How often lanes look for new jobs though nobody tells of any; their schedulers poll anyway.
    private static final Duration FALLBACK = Duration.ofMinutes(1);
    /// When a job whose end could not be stored runs again.
    private static final Duration RETRY = Duration.ofMinutes(1);
    /// How soon who waits for a job hears of what other processes did of it.
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Database database;
    private final boolean isShared;
    private final JobTable table;
    private final InstantSource clock;
    private final InstantSource time;
    private final int queueCapacity;
    private final Duration timeLimit;
    private final String owner;
    private final Supplier<List<JobRunner>> runners;
    private final List<PeriodicWork> periodic;
    private final News news = new News();

    /// Guards what stands below it, and that no cancellation falls between a claim and its run.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Long, RunningJob> running = new HashMap<>();
    private final List<Scheduler> schedulers = new ArrayList<>();
    private final List<Pulse> ownWork = new ArrayList<>();
    private @Nullable RunWatch watch;
    private boolean stopping;

    private volatile Map<String, Scheduler> schedulersOfLanes = Map.of();

    /// @param time by which the dead are known, the same for all processes
    /// @param queueCapacity most jobs that wait at once in a lane
    /// @param timeLimit after which a run is told to end
    /// @param owner name of this process, which no other that works on the database has
    /// @param runners asked for again and again, always the same
    /// @param periodic done beside the jobs, each on a thread of its own
    ScheduledJobs(
            Database database,
            JobTable table,
            InstantSource clock,
            InstantSource time,
            int queueCapacity,
            Duration timeLimit,
            String owner,
            Supplier<List<JobRunner>> runners,
            List<PeriodicWork> periodic) {
        this.database = database;
        this.isShared = database.dialect() == Dialect.POSTGRESQL;
        this.table = table;
        this.clock = clock;
        this.time = time;
        this.queueCapacity = queueCapacity;
        this.timeLimit = timeLimit;
        this.owner = owner;
        this.runners = runners;
        this.periodic = List.copyOf(periodic);
    }

    /// Begins to do jobs, first those that an earlier process left.
    void start() {
        List<Lane> lanes = lanes();
        List<PeriodicWork> once = periodic(PeriodicWork.Where.ONCE);
        if (isShared) {
            watch = new RunWatch(database, table, owner, Schedulers.LONGEST_SILENCE, this::running, this::goOnWhile);
            once = Stream.concat(once.stream(), Stream.of(new MissingTurns(table, lanes)))
                    .toList();
        } else {
            table.recover(lanes);
        }
        Schedulers made = new Schedulers(
                database,
                owner,
                time,
                SHUTDOWN_PATIENCE,
                lanes.stream().map(this::task).toList(),
                once.stream().map(ScheduledJobs::task).toList());
        Map<String, Scheduler> ofLanes = lanes.stream().collect(Collectors.toUnmodifiableMap(Lane::name, made::of));
        schedulersOfLanes = ofLanes;
        lock.lock();
        try {
            schedulers.addAll(ofLanes.values());
            schedulers.add(made.ofPeriodicWork());
            schedulers.forEach(Scheduler::start);
            if (isShared) {
                Pulse newJobs = new Pulse("new-jobs", FALLBACK, this::lookEverywhere);
                ownWork.add(newJobs);
                database.follow(JobTable.MARK, newJobs);
            }
            periodic(PeriodicWork.Where.EACH_REPLICA)
                    .forEach(work -> ownWork.add(Pulse.atOnce(work.name(), work.interval(), work::run)));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Job submit(String kind, String subject, String payload, SqlWork<?> check) {
        Lane lane = lane(kind);
        Job job = table.insert(kind, subject, payload, lane, queueCapacity, check);
        look(lane);
        return job;
    }

    @Override
    public void refuseIfFull(String kind) {
        table.refuseIfFull(lane(kind), queueCapacity);
    }

    @Override
    public Optional<Job> find(long id) {
        return table.find(id);
    }

    @Override
    public List<Job> newest(JobFilter filter, long beforeId, int limit) {
        filter.refuseUnlessKnown(runners.get().stream().map(JobRunner::kind).toList());
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
            long left = deadline - System.nanoTime();
            if (job.state().isFinal() || left <= 0 || news.isOver()) {
                return job;
            }
            news.awaitMoreThan(seen, untilLook(left));
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
            news.awaitMoreThan(seen, untilLook(pause.toNanos()));
        }
    }

    @Override
    public boolean isTaken(String kind, String subject) {
        return table.isTaken(kind, subject);
    }

    @Override
    public boolean isTaken(Connection connection, String kind, String subject) throws SQLException {
        return JobTable.isTaken(connection, kind, subject);
    }

    /// Tells the running jobs to end, which puts them back into the queue, and waits for them. Jobs are still
    /// accepted; they run after the next start, or in another process.
    @Override
    public void close() {
        List<Scheduler> closing;
        lock.lock();
        try {
            stopping = true;
            running.values().forEach(run -> run.stop(RunningJob.Stop.SHUTDOWN));
            closing = List.copyOf(schedulers);
            schedulers.clear();
        } finally {
            lock.unlock();
        }
        news.end();
        Schedulers.stop(closing);
        ownWork.forEach(Pulse::close);
        if (watch != null) {
            watch.close();
        }
    }

    private List<Lane> lanes() {
        List<JobRunner> known = runners.get();
        Stream<String> kinds = known.stream().map(JobRunner::kind);
        // Other processes may know what to do with the rest.
        Stream<String> unknown = isShared ? Stream.empty() : table.kindsUnderWay().stream();
        return Stream.concat(kinds, unknown)
                .map(kind -> Lane.of(kind, known))
                .distinct()
                .toList();
    }

    private Lane lane(String kind) {
        return Lane.of(kind, runners.get());
    }

    /// Lets a lane look for turns now.
    private void look(Lane lane) {
        Optional.ofNullable(schedulersOfLanes.get(lane.name())).ifPresent(Scheduler::triggerCheckForDueExecutions);
    }

    /// Another process may have got a job that this one is free for.
    private void lookEverywhere() {
        schedulersOfLanes.values().forEach(Scheduler::triggerCheckForDueExecutions);
    }

    /// What cannot be polled is not: the log would tell of each failure at length.
    private void goOnWhile(boolean databaseAnswers) {
        lock.lock();
        try {
            schedulers.forEach(databaseAnswers ? Scheduler::resume : Scheduler::pause);
        } finally {
            lock.unlock();
        }
    }

    private long untilLook(long nanos) {
        return isShared ? Math.min(nanos, LOOK.toNanos()) : nanos;
    }

    private List<PeriodicWork> periodic(PeriodicWork.Where where) {
        return periodic.stream().filter(work -> work.where() == where).toList();
    }

    private Collection<RunningJob> running() {
        lock.lock();
        try {
            return List.copyOf(running.values());
        } finally {
            lock.unlock();
        }
    }

    private CustomTask<Void> task(Lane lane) {
        return Tasks.custom(lane.task(), Void.class)
                .onFailure(new FailureHandler.OnFailureRetryLater<>(RETRY))
                .onDeadExecution(TurnEnd.OF_THE_DEAD)
                .execute((turn, context) -> take(Long.parseLong(turn.getId())));
    }

    /// Takes the turn of a job, on the thread of its lane.
    private TurnEnd take(long id) {
        try {
            return run(id);
        } finally {
            Thread.interrupted(); // that was for the job, not for what is left to be done
        }
    }

    private TurnEnd run(long id) {
        RunningJob run;
        lock.lock();
        try {
            if (stopping) {
                return TurnEnd.GIVEN_BACK;
            }
            Optional<Claim> claim = table.claim(id, owner);
            if (claim.isEmpty()) {
                news.announce();
                return TurnEnd.SPENT;
            }
            run = new RunningJob(claim.get(), table, clock, timeLimit, news::announce);
            running.put(id, run);
            news.announce();
        } finally {
            lock.unlock();
        }
        try {
            return work(run).map(state -> end(run, state)).orElse(TurnEnd.LOST);
        } finally {
            finish(run);
        }
    }

    /// Stores where a job stands after its run.
    private TurnEnd end(RunningJob run, JobState state) {
        boolean isFinal = state.isFinal();
        boolean isOurs = stored(() ->
                isFinal ? table.end(run.id(), run.token(), state, run.latest()) : table.requeue(run.id(), run.token()));
        if (!isOurs) {
            LOG.warn("Job {} was taken over by another process; what this one made of it does not count", run.id());
            return TurnEnd.LOST;
        }
        if (isFinal) {
            tellOfEnd(run);
            return TurnEnd.SPENT;
        }
        return TurnEnd.GIVEN_BACK;
    }

    /// What a run has done is worth some patience with a server that does not answer, but not more than others have
    /// with this process.
    private boolean stored(BooleanSupplier change) {
        long deadline = System.nanoTime() + Schedulers.LONGEST_SILENCE.toNanos();
        while (true) {
            try {
                return change.getAsBoolean();
            } catch (Problem notNow) {
                if (!isShared || news.isOver() || System.nanoTime() >= deadline) {
                    throw notNow;
                }
            }
            news.pause(LOOK.toNanos());
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
        try {
            runner(run).ifPresent(runner -> runner.ended(run.job().subject()));
        } catch (RuntimeException e) {
            LOG.error("What job {} needed could not be removed", run.id(), e);
        }
    }

    /// Lets the runner work.
    ///
    /// @return where the job stands after that, nothing if it is another's
    private Optional<JobState> work(RunningJob run) {
        try {
            JobRunner runner = runner(run)
                    .orElseThrow(() -> new IllegalStateException(
                            "nothing runs jobs of kind " + run.job().kind()));
            return Optional.of(new JobState.Succeeded(runner.run(run)));
        } catch (Problem problem) {
            return run.after(() ->
                    new JobState.Failed(ProblemDocument.of(problem, run.job().path())));
        } catch (RuntimeException | Error crash) {
            return run.after(() -> crashed(run, crash));
        }
    }

    private Optional<JobRunner> runner(RunningJob run) {
        return runners.get().stream()
                .filter(runner -> runner.kind().equals(run.job().kind()))
                .findFirst();
    }

    private static JobState crashed(RunningJob run, Throwable crash) {
        Job job = run.job();
        LOG.error("Job {}, {} of '{}', failed", job.id(), job.kind(), job.subject(), crash);
        return new JobState.Failed(ProblemDocument.of(
                500, "the service failed while it did job " + job.id() + "; its log says more", job.path()));
    }

    /// The first turn of a work comes at once. On SQLite turns are made anew at each start.
    private static RecurringTask<Void> task(PeriodicWork work) {
        return Tasks.recurring(work.name(), FixedDelay.of(work.interval()))
                .onDeadExecution(ScheduledJobs::doAgain)
                .execute((turn, context) -> work.run());
    }

    private static void doAgain(ExecutionComplete left, ExecutionOperations<Void> turn) {
        try {
            turn.reschedule(left, left.getTimeDone());
        } catch (ExecutionException another) {
            LOG.debug("Another process does it again", another);
        }
    }
}
