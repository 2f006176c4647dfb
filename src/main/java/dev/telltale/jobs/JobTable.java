package dev.telltale.jobs;

import dev.telltale.database.Database;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemDocument;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The jobs on disk. Every change of state is one statement that names the state it starts from, so a
/// job that ended or was cancelled meanwhile stays as it is.
final class JobTable {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
    /// The newest jobs that are remembered after their end: as many as one page of the list can show, and
    /// few enough that the table stays small however long the service runs.
    static final int MOST_ENDED = 1_000;

    private final Database database;
    private final InstantSource clock;

    JobTable(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Stores a job and its turn in one transaction.
    ///
    /// @param kinds whose jobs share a queue with it, its own included
    /// @param capacity most jobs that may be queued there, this one included
    Job insert(String kind, String subject, String payload, List<String> kinds, int capacity) {
        return database.write(connection -> {
            refuseIfHeld(connection, kind, subject);
            refuseIfFull(connection, kinds, capacity);
            forgetOldest(connection);
            Optional<Long> id = insert(connection, kind, subject, payload);
            if (id.isEmpty()) {
                refuseIfHeld(connection, kind, subject);
                throw new IllegalStateException("nobody holds '" + subject + "', and yet it is taken");
            }
            TurnTable.add(connection, id.get());
            return get(connection, id.get());
        });
    }

    /// @param kinds whose jobs share a queue
    /// @param capacity most jobs that may be queued there
    void refuseIfFull(List<String> kinds, int capacity) {
        database.read(connection -> {
            refuseIfFull(connection, kinds, capacity);
            return null;
        });
    }

    Optional<Job> find(long id) {
        return database.read(connection -> find(connection, id));
    }

    List<Job> newest(JobFilter filter, long beforeId, int limit) {
        StringBuilder query = new StringBuilder("SELECT * FROM job WHERE id < ?");
        List<Object> values = new ArrayList<>(List.of(beforeId));
        filter.state().ifPresent(state -> {
            query.append(" AND state = ?");
            values.add(state);
        });
        filter.kind().ifPresent(kind -> {
            query.append(" AND kind = ?");
            values.add(kind);
        });
        query.append(" ORDER BY id DESC LIMIT ?");
        values.add(limit);
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(query.toString())) {
                bind(select, values.toArray());
                return JobRow.all(select);
            }
        });
    }

    boolean isTaken(String kind, String subject) {
        return database.read(connection -> holder(connection, kind, subject).isPresent());
    }

    long count(String state) {
        return database.read(connection -> count(connection, state));
    }

    /// Marks the oldest job of these kinds as running and gives it back, or nothing if none waits. The
    /// caller runs one at a time, so a job that is marked as running already is one whose last run could not
    /// say how it ended: it runs again.
    Optional<Job> claimOldest(List<String> kinds) {
        return database.write(connection -> {
            Optional<Job> oldest = oldest(connection, kinds);
            if (oldest.isEmpty()) {
                return oldest;
            }
            long id = oldest.get().id();
            update(
                    connection,
                    "UPDATE job SET state = 'running', started = ?, progress = NULL WHERE id = ?",
                    clock.millis(),
                    id);
            return find(connection, id);
        });
    }

    void progress(long id, JobProgress progress) {
        database.writeFromReserve(connection -> update(
                connection,
                "UPDATE job SET progress = ? WHERE id = ? AND state = 'running'",
                JobRow.text(progress),
                id));
    }

    /// Stores how a run ended.
    void end(long id, JobState state, Optional<JobProgress> progress) {
        database.writeFromReserve(connection -> update(
                connection,
                "UPDATE job SET state = ?, result = ?, problem = ?, progress = ?, finished = ?"
                        + " WHERE id = ? AND state = 'running'",
                state.label(),
                state instanceof JobState.Succeeded(String result) ? result : null,
                state instanceof JobState.Failed(ProblemDocument problem) ? JobRow.text(problem) : null,
                progress.map(JobRow::text).orElse(null),
                clock.millis(),
                id));
    }

    /// Puts a running job back into its old place in the queue.
    void requeue(long id) {
        database.writeFromReserve(connection -> requeue(connection, "id = ?", id));
    }

    /// Cancels a queued job, or notes that a running one shall be cancelled.
    ///
    /// @return the job as it stands then
    Job cancel(long id) {
        return database.writeFromReserve(connection -> {
            Job job = find(connection, id).orElseThrow(() -> unknown(id));
            if (job.state().isFinal()) {
                throw JobsProblem.JOB_ENDED.because("job %d has %s already", id, ending(job.state()));
            }
            update(connection, "UPDATE job SET cancel_requested = 1 WHERE id = ?", id);
            cancelQueuedOnRequest(connection);
            return get(connection, id);
        });
    }

    /// Queues again what was running when the last process ended, and gives each queued job its turn.
    void recover() {
        database.writeFromReserve(connection -> {
            requeue(connection, "true");
            TurnTable.rebuild(connection);
            return null;
        });
    }

    static Problem unknown(long id) {
        return JobsProblem.JOB_NOT_FOUND.because("no job has the id %d", id);
    }

    private static String ending(JobState state) {
        return switch (state) {
            case JobState.Queued(), JobState.Running() -> throw new IllegalStateException(state + " is not an end");
            case JobState.Succeeded ignored -> "succeeded";
            case JobState.Failed ignored -> "failed";
            case JobState.Cancelled() -> "been cancelled";
        };
    }

    /// A cancellation that the run did not see any more still counts.
    private int requeue(Connection connection, String which, @Nullable Object... values) throws SQLException {
        update(
                connection,
                "UPDATE job SET state = 'queued', started = NULL, progress = NULL WHERE state = 'running' AND " + which,
                values);
        return cancelQueuedOnRequest(connection);
    }

    private int cancelQueuedOnRequest(Connection connection) throws SQLException {
        return update(
                connection,
                "UPDATE job SET state = 'cancelled', finished = ? WHERE state = 'queued' AND cancel_requested = 1",
                clock.millis());
    }

    /// @return the id, or nothing if another holds the subject by now
    private Optional<Long> insert(Connection connection, String kind, String subject, String payload)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO job (kind, subject, payload, state, created) VALUES (?, ?, ?, 'queued', ?)"
                        + " ON CONFLICT DO NOTHING RETURNING id")) {
            bind(insert, kind, subject, payload, clock.millis());
            return id(insert);
        }
    }

    private static void forgetOldest(Connection connection) throws SQLException {
        update(
                connection,
                "DELETE FROM job WHERE state NOT IN ('queued', 'running') AND id <="
                        + " (SELECT id FROM job WHERE state NOT IN ('queued', 'running') ORDER BY id DESC LIMIT 1 OFFSET ?)",
                MOST_ENDED);
    }

    private static Optional<Long> holder(Connection connection, String kind, String subject) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT id FROM job WHERE kind = ? AND subject = ? AND state IN ('queued', 'running')")) {
            bind(select, kind, subject);
            return id(select);
        }
    }

    private static Optional<Long> id(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
        }
    }

    private static Optional<Job> oldest(Connection connection, List<String> kinds) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM job WHERE kind IN (" + marks(kinds)
                + ") AND state IN ('queued', 'running') ORDER BY id LIMIT 1")) {
            bind(select, kinds.toArray());
            return JobRow.all(select).stream().findFirst();
        }
    }

    private static void refuseIfHeld(Connection connection, String kind, String subject) throws SQLException {
        Optional<Long> holder = holder(connection, kind, subject);
        if (holder.isPresent()) {
            throw JobsProblem.NAME_TAKEN.because(
                    "'%s' is held by job %d until that ends; wait for it, cancel it or choose another name",
                    subject, holder.get());
        }
    }

    private static void refuseIfFull(Connection connection, List<String> kinds, int capacity) throws SQLException {
        long queued = queued(connection, kinds);
        if (queued >= capacity) {
            throw JobsProblem.OVERLOADED
                    .because("%d jobs wait already, which is as many as may; try again later", queued)
                    .retryAfter(RETRY_AFTER);
        }
    }

    private static long queued(Connection connection, List<String> kinds) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT count(*) FROM job WHERE state = 'queued' AND kind IN (" + marks(kinds) + ")")) {
            bind(select, kinds.toArray());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static String marks(List<String> values) {
        return String.join(", ", Collections.nCopies(values.size(), "?"));
    }

    private static long count(Connection connection, String state) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT count(*) FROM job WHERE state = ?")) {
            select.setString(1, state);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static Job get(Connection connection, long id) throws SQLException {
        return find(connection, id).orElseThrow(() -> new IllegalStateException("job " + id + " is gone"));
    }

    private static Optional<Job> find(Connection connection, long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM job WHERE id = ?")) {
            select.setLong(1, id);
            return JobRow.all(select).stream().findFirst();
        }
    }

    private static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            bind(update, values);
            return update.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }
}
