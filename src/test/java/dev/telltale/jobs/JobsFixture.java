package dev.telltale.jobs;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.SqliteDatabase;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// One life of a process with jobs: a real database, a clock that stands still until it is moved, and a
/// runner that the test holds on strings.
final class JobsFixture implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final int CAPACITY = 3;
    static final Duration TIME_LIMIT = Duration.ofMinutes(30);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final DataDirectory directory;
    private final Database database;

    final InstantSource clock = now::get;
    final SteeredRunner runner = new SteeredRunner("training");
    final SteeredRunner other = new SteeredRunner("upload");
    final JobTable table;
    final ScheduledJobs jobs;

    JobsFixture(Path path) {
        directory = DataDirectory.open(path);
        database = SqliteDatabase.open(directory);
        table = new JobTable(database, clock);
        jobs = new ScheduledJobs(database.writer(), table, clock, CAPACITY, TIME_LIMIT, List.of());
    }

    JobsFixture started() {
        jobs.start(List.of(runner, other));
        return this;
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

    /// Marks all turns as the scheduler does before it begins a run.
    void pickAllTurns() {
        database.write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate("UPDATE scheduled_tasks SET picked = 1, version = version + 1");
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
        database.close();
        directory.close();
    }
}
