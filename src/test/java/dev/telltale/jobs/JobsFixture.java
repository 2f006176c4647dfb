package dev.telltale.jobs;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.DatabaseClock;
import dev.telltale.database.Dialect;
import dev.telltale.database.Postgres;
import dev.telltale.database.SqliteDatabase;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// One life of a process with jobs: a real database, a clock that stands still until it is moved, and a
/// runner that the test holds on strings.
final class JobsFixture implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final int CAPACITY = 3;
    static final Duration TIME_LIMIT = Duration.ofMinutes(30);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final DataDirectory directory;
    private final Database database;
    private final DatabaseClock ofDatabase;

    final InstantSource clock = now::get;
    final SteeredRunner runner = new SteeredRunner("training");
    final SteeredRunner sharing = new SteeredRunner("tuning", "training");
    final SteeredRunner other = new SteeredRunner("upload");
    final JobTable table;
    final ScheduledJobs jobs;

    private JobsFixture(Path path, Function<DataDirectory, Database> open, int capacity, List<PeriodicWork> periodic) {
        directory = DataDirectory.open(path);
        database = open.apply(directory);
        ofDatabase = DatabaseClock.on(database);
        table = new JobTable(database, clock);
        jobs = new ScheduledJobs(
                database,
                table,
                clock,
                database.dialect() == Dialect.POSTGRESQL ? ofDatabase : clock,
                capacity,
                TIME_LIMIT,
                UUID.randomUUID().toString(),
                () -> List.of(runner, sharing, other),
                periodic);
    }

    /// The only process on a database in this directory.
    static JobsFixture alone(Path path) {
        return new JobsFixture(path, SqliteDatabase::open, CAPACITY, List.of());
    }

    static JobsFixture alone(Path path, PeriodicWork... work) {
        return new JobsFixture(path, SqliteDatabase::open, CAPACITY, List.of(work));
    }

    /// One of the processes on a database.
    ///
    /// @param path for files of its own
    static JobsFixture sharing(Postgres postgres, Path path, PeriodicWork... work) {
        return new JobsFixture(path, postgres::open, CAPACITY, List.of(work));
    }

    /// One whose queues take more jobs.
    static JobsFixture sharing(Postgres postgres, Path path, int capacity) {
        return new JobsFixture(path, postgres::open, capacity, List.of());
    }

    JobsFixture started() {
        jobs.start();
        return this;
    }

    /// Does what a run does that makes its work visible.
    void publish(Fence fence) {
        database.write(connection -> {
            fence.check(connection);
            return null;
        });
    }

    JobReports reports() {
        return new JobReports(database, "upload");
    }

    void advance(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    Job submit(String subject) {
        return jobs.submit("training", subject, "{}");
    }

    /// The job once it has ended.
    Job ended(Job job) {
        return jobs.await(job.id(), PATIENCE);
    }

    /// Adds jobs as if they had been cancelled.
    void addCancelled(int count) {
        database.write(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO job (kind, subject, payload, state, created) VALUES ('training', ?, '{}', 'cancelled', 0)")) {
                for (int i = 0; i < count; i++) {
                    insert.setInt(1, i);
                    insert.executeUpdate();
                }
                return count;
            }
        });
    }

    /// Marks all turns as the scheduler of a process does before it begins a run, one that was not heard of since.
    void pickAllTurns() {
        update(database.dialect()
                .choose(
                        "UPDATE scheduled_tasks SET picked = 1, version = version + 1",
                        "UPDATE scheduled_tasks SET picked = true, last_heartbeat = now() - interval '1 hour',"
                                + " version = version + 1"));
    }

    void update(String sql) {
        database.write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(sql);
            }
        });
    }

    /// Ends the process in good order.
    @Override
    public void close() {
        jobs.close();
        abandon();
    }

    /// Ends the process without a word to its jobs, as a kill would.
    void abandon() {
        ofDatabase.close();
        database.close();
        directory.close();
    }
}
