package dev.telltale.jobs;

import com.github.kagkarlsson.scheduler.Clock;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.SqliteJdbcCustomization;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import dev.telltale.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The schedulers of a process: one for each lane, and one for periodic work. All of them poll one table, and where
/// the database is shared those of other processes do so too.
///
/// A lane's has one thread and takes one turn at a time, so that the next is for whoever is free first. Each takes
/// turns of its own tasks alone, but knows all: it looks for the dead among all turns, and db-scheduler deletes
/// those of unknown tasks that were due long ago, which turns of jobs always were.
final class Schedulers {

    /// A process that was not heard of for four of these is dead.
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private static final int MISSED_HEARTBEATS = 4;
    /// How long a process may be silent.
    static final Duration LONGEST_SILENCE = HEARTBEAT.multipliedBy(MISSED_HEARTBEATS);

    /// Only a fallback: who submits a job tells the scheduler to look at once.
    private static final Duration POLLING_ALONE = Duration.ofSeconds(10);
    /// For jobs that another process has put back.
    private static final Duration POLLING_SHARED = Duration.ofSeconds(5);
    /// Turns are due in 1970, so anything less would delete those of a lane that only a newer version knows.
    private static final Duration NEVER = Duration.ofDays(365_000);

    private final Database database;
    private final String owner;
    private final InstantSource time;
    private final Duration patience;
    private final List<Task<?>> turns;
    private final List<RecurringTask<Void>> periodic;

    /// @param owner name of this process
    /// @param time by which the dead are known
    /// @param patience with what runs when a scheduler stops, before its thread is interrupted and after
    /// @param turns the tasks of all lanes
    /// @param periodic the tasks of all periodic work that one process does
    Schedulers(
            Database database,
            String owner,
            InstantSource time,
            Duration patience,
            List<? extends Task<?>> turns,
            List<RecurringTask<Void>> periodic) {
        this.database = database;
        this.owner = owner;
        this.time = time;
        this.patience = patience;
        this.turns = List.copyOf(turns);
        this.periodic = List.copyOf(periodic);
    }

    /// The scheduler of a lane.
    Scheduler of(Lane lane) {
        ExecutorService thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("telltale-" + lane.name()).factory());
        List<Task<?>> known = new ArrayList<>(turns);
        known.addAll(periodic);
        return builder(known, List.of(lane.task()), thread, 1).build();
    }

    /// The scheduler of periodic work, each on a thread of its own.
    Scheduler ofPeriodicWork() {
        List<String> names = periodic.stream().map(Task::getName).toList();
        return builder(
                        new ArrayList<>(turns),
                        names,
                        Executors.newVirtualThreadPerTaskExecutor(),
                        Math.max(1, periodic.size()))
                .startTasks(periodic)
                .build();
    }

    /// Stops all at once and waits for what they do.
    static void stop(Collection<Scheduler> schedulers) {
        List<Thread> stopping = schedulers.stream()
                .map(scheduler -> Thread.ofPlatform().name("telltale-stop").start(scheduler::stop))
                .toList();
        try {
            for (Thread thread : stopping) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private SchedulerBuilder builder(List<Task<?>> known, List<String> own, ExecutorService threads, int count) {
        SchedulerBuilder builder = Scheduler.create(database.writer(), known)
                .executorService(threads)
                .threads(count)
                .serializer(new NoData())
                .schedulerName(new SchedulerName.Fixed(owner))
                .deleteUnresolvedAfter(NEVER)
                .shutdownMaxWait(patience)
                .jdbcCustomization(customization(own));
        return switch (database.dialect()) {
            case SQLITE -> builder.pollUsingFetch(0.5, 1).pollingInterval(POLLING_ALONE);
            case POSTGRESQL ->
                builder.pollUsingLockAndFetch(0.5, 1)
                        .pollingInterval(POLLING_SHARED)
                        .heartbeatInterval(HEARTBEAT)
                        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                        .clock(new Time(time));
        };
    }

    private JdbcCustomization customization(List<String> own) {
        String condition = own.isEmpty()
                ? " AND 1 = 0 "
                : own.stream()
                        .map(name -> name.replace("'", "''"))
                        .collect(Collectors.joining("', '", " AND task_name IN ('", "') "));
        return switch (database.dialect()) {
            case SQLITE -> new OwnTurnsOfSqlite(condition);
            case POSTGRESQL -> new OwnTurnsOfPostgres(condition);
        };
    }

    /// @param source its time
    private record Time(InstantSource source) implements Clock {

        @Override
        public Instant now() {
            return source.instant();
        }
    }

    private static final class OwnTurnsOfSqlite extends SqliteJdbcCustomization {

        private final String own;

        OwnTurnsOfSqlite(String own) {
            this.own = own;
        }

        @Override
        public String createSelectDueQuery(String table, int limit, String condition, boolean orderByPriority) {
            return super.createSelectDueQuery(table, limit, condition + own, orderByPriority);
        }
    }

    private static final class OwnTurnsOfPostgres extends PostgreSqlJdbcCustomization {

        private final String own;

        OwnTurnsOfPostgres(String own) {
            super(true, false);
            this.own = own;
        }

        @Override
        public String createGenericSelectForUpdateQuery(
                String table, int limit, String condition, boolean orderByPriority) {
            return super.createGenericSelectForUpdateQuery(table, limit, condition + own, orderByPriority);
        }
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
