package dev.telltale.jobs;

import dev.telltale.database.Database;
import dev.telltale.database.SqlWork;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemDocument;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The jobs on disk. Every change of state is one statement that names the state it starts from, so a
/// job that ended or was cancelled meanwhile stays as it is. Those of a run name the run by its token as well, so
/// that one whose job has another run by now changes nothing.
final class JobTable {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
    /// The newest jobs that are remembered after their end: as many as one page of the list can show, and
    /// few enough that the table stays small however long the service runs.
    static final int MOST_ENDED = 1_000;

    /// By which it is seen that somebody has submitted a job.
    static final String MARK = "(SELECT max(id) FROM job)";
    /// By which it is seen that a run was taken over, or is to end.
    static final String RUNS_MARK =
            "(SELECT string_agg(id || ':' || token || ':' || cancel_requested, ' ' ORDER BY id) FROM job"
                    + " WHERE state = 'running')";

    private final Database database;
    private final InstantSource clock;
    private final TurnTable turns;
    private final String isOf;

    JobTable(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.turns = new TurnTable(database.dialect());
        // SQLite has one writer, so that a state lasts to the end of the transaction that has read it.
        this.isOf = "SELECT id FROM job WHERE id = ? AND token = ? AND state = 'running'"
                + database.dialect().choose("", " FOR UPDATE");
    }

    /// Stores a job and its turn in one transaction.
    ///
    /// @param lane in which it runs
    /// @param capacity most jobs that may be queued there, this one included
    /// @param check what must be so besides
    Job insert(String kind, String subject, String payload, Lane lane, int capacity, SqlWork<?> check) {
        return database.write(connection -> {
            check.run(connection);
            refuseIfHeld(connection, lane.kinds(), subject);
            refuseIfFull(connection, lane.kinds(), capacity);
            forgetOldest(connection);
            Optional<Long> id = insert(connection, kind, subject, payload);
            if (id.isEmpty()) {
                refuseIfHeld(connection, lane.kinds(), subject);
                throw new IllegalStateException("nobody holds '" + subject + "', and yet it is taken");
            }
            turns.add(connection, lane, id.get());
            return get(connection, id.get());
        });
    }

    /// @param capacity most jobs that may be queued in the lane
    void refuseIfFull(Lane lane, int capacity) {
        database.read(connection -> {
            refuseIfFull(connection, lane.kinds(), capacity);
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
        return database.read(connection -> isTaken(connection, kind, subject));
    }

    static boolean isTaken(Connection connection, String kind, String subject) throws SQLException {
        return holder(connection, List.of(kind), subject).isPresent();
    }

    long count(String state) {
        return database.read(connection -> count(connection, state));
    }

    /// Marks a job as running and gives it back, or nothing if it has ended. Who has the turn of a job
    /// is alone, so one that is marked as running already is one whose last run was cut short, or could not
    /// say how it ended: it runs again. One that was to be cancelled is.
    ///
    /// @param owner who runs it
    Optional<Claim> claim(long id, String owner) {
        return database.write(connection -> {
            cancelOnRequest(connection, id);
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE job SET state = 'running', owner = ?, token = token + 1, started = ?, progress = NULL"
                            + " WHERE id = ? AND state IN ('queued', 'running') RETURNING *")) {
                bind(update, owner, clock.millis(), id);
                return JobRow.claim(update);
            }
        });
    }

    /// Stores how far a run has come.
    ///
    /// @return whether it is the job's run still
    boolean progress(long id, long token, JobProgress progress) {
        return database.writeAlone(connection -> update(
                        connection,
                        "UPDATE job SET progress = ? WHERE id = ? AND token = ? AND state = 'running'",
                        JobRow.text(progress),
                        id,
                        token)
                == 1);
    }

    /// Stores how a run ended.
    ///
    /// @return whether it was the job's run still
    boolean end(long id, long token, JobState state, Optional<JobProgress> progress) {
        return database.writeAlone(connection -> update(
                        connection,
                        "UPDATE job SET state = ?, result = ?, problem = ?, progress = ?, finished = ?, owner = NULL"
                                + " WHERE id = ? AND token = ? AND state = 'running'",
                        state.label(),
                        state instanceof JobState.Succeeded(String result) ? result : null,
                        state instanceof JobState.Failed(ProblemDocument problem) ? JobRow.text(problem) : null,
                        progress.map(JobRow::text).orElse(null),
                        clock.millis(),
                        id,
                        token)
                == 1);
    }

    /// Puts a running job back into its old place in the queue. A cancellation that the run did not see any more
    /// still counts.
    ///
    /// @return whether it was the job's run still
    boolean requeue(long id, long token) {
        return database.writeAlone(connection -> {
            int changed = update(
                    connection,
                    "UPDATE job SET state = 'queued', owner = NULL, started = NULL, progress = NULL"
                            + " WHERE id = ? AND token = ? AND state = 'running'",
                    id,
                    token);
            if (changed == 1) {
                cancelOnRequest(connection, id);
            }
            return changed == 1;
        });
    }

    /// What keeps a run from publishing after its job has become another's.
    ///
    /// @param lost is told so
    Fence fence(long id, long token, Runnable lost) {
        return connection -> {
            try (PreparedStatement select = connection.prepareStatement(isOf)) {
                bind(select, id, token);
                if (id(select).isEmpty()) {
                    lost.run();
                    throw new JobStopped();
                }
            }
        };
    }

    /// The running jobs of one owner.
    ///
    /// @return by their ids
    Map<Long, Held> held(String owner) {
        return database.read(connection -> {
            Map<Long, Held> held = new HashMap<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT id, token, cancel_requested FROM job WHERE owner = ? AND state = 'running'")) {
                select.setString(1, owner);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        held.put(row.getLong(1), new Held(row.getLong(2), row.getInt(3) != 0));
                    }
                }
            }
            return held;
        });
    }

    /// A running job.
    ///
    /// @param token of its run
    /// @param isToEnd whether somebody wants it to be cancelled
    record Held(long token, boolean isToEnd) {}

    /// Cancels a queued job, or notes that a running one shall be cancelled.
    ///
    /// @return the job as it stands then
    Job cancel(long id) {
        return database.writeFromReserve(connection -> {
            if (find(connection, id).isEmpty()) {
                throw unknown(id);
            }
            int changed = update(
                    connection,
                    "UPDATE job SET cancel_requested = 1 WHERE id = ? AND state IN ('queued', 'running')",
                    id);
            if (changed == 0) {
                throw JobsProblem.JOB_ENDED.because(
                        "job %d has %s already", id, ending(get(connection, id).state()));
            }
            update(
                    connection,
                    "UPDATE job SET state = 'cancelled', finished = ? WHERE id = ? AND state = 'queued'",
                    clock.millis(),
                    id);
            return get(connection, id);
        });
    }

    /// Queues again what was running when the last process ended, and gives each queued job its turn. For a
    /// database of which this is the only process.
    void recover(Collection<Lane> lanes) {
        database.writeFromReserve(connection -> {
            update(
                    connection,
                    "UPDATE job SET state = 'queued', owner = NULL, started = NULL, progress = NULL WHERE state = 'running'");
            update(
                    connection,
                    "UPDATE job SET state = 'cancelled', finished = ? WHERE state = 'queued' AND cancel_requested = 1",
                    clock.millis());
            turns.clear(connection);
            return turns.addMissing(connection, lanes);
        });
    }

    /// Gives a turn to each job of these lanes that has not ended and has none.
    ///
    /// @return how many there were
    int addMissingTurns(Collection<Lane> lanes) {
        return database.write(connection -> turns.addMissing(connection, lanes));
    }

    /// The kinds of the jobs that have not ended.
    List<String> kindsUnderWay() {
        return database.read(connection -> {
            List<String> kinds = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT DISTINCT kind FROM job WHERE state IN ('queued', 'running')");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    kinds.add(row.getString(1));
                }
            }
            return kinds;
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

    /// Ends a job that no run has, if somebody wants it to be cancelled.
    private void cancelOnRequest(Connection connection, long id) throws SQLException {
        update(
                connection,
                "UPDATE job SET state = 'cancelled', owner = NULL, finished = ?"
                        + " WHERE id = ? AND state IN ('queued', 'running') AND cancel_requested = 1",
                clock.millis(),
                id);
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

    private static Optional<Long> holder(Connection connection, List<String> kinds, String subject)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT id FROM job WHERE subject = ? AND kind IN ("
                + marks(kinds) + ") AND state IN ('queued', 'running') ORDER BY id LIMIT 1")) {
            List<Object> values = new ArrayList<>(List.of(subject));
            values.addAll(kinds);
            bind(select, values.toArray());
            return id(select);
        }
    }

    private static Optional<Long> id(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
        }
    }

    private static void refuseIfHeld(Connection connection, List<String> kinds, String subject) throws SQLException {
        Optional<Long> holder = holder(connection, kinds, subject);
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
