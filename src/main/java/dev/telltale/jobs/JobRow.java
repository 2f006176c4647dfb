package dev.telltale.jobs;

import dev.telltale.problem.ProblemDocument;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// How a job stands in its row.
final class JobRow {

    private static final JsonMapper JSON = JsonMapper.shared();

    private JobRow() {}

    /// All jobs that the query finds, in its order.
    static List<Job> all(PreparedStatement select) throws SQLException {
        List<Job> jobs = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                jobs.add(job(row));
            }
        }
        return jobs;
    }

    /// The job that a statement has marked as running, if there was one.
    static Optional<Claim> claim(PreparedStatement update) throws SQLException {
        try (ResultSet row = update.executeQuery()) {
            return row.next() ? Optional.of(new Claim(job(row), row.getLong("token"))) : Optional.empty();
        }
    }

    /// A progress or a problem as it is stored.
    static String text(Object value) {
        return JSON.writeValueAsString(value);
    }

    private static Job job(ResultSet row) throws SQLException {
        return new Job(
                row.getLong("id"),
                row.getString("kind"),
                row.getString("subject"),
                row.getString("payload"),
                state(row),
                value(row, "progress", JobProgress.class),
                Instant.ofEpochMilli(row.getLong("created")),
                time(row, "started"),
                time(row, "finished"));
    }

    private static JobState state(ResultSet row) throws SQLException {
        String state = row.getString("state");
        return switch (state) {
            case "queued" -> new JobState.Queued();
            case "running" -> new JobState.Running();
            case "succeeded" -> new JobState.Succeeded(row.getString("result"));
            case "failed" ->
                new JobState.Failed(value(row, "problem", ProblemDocument.class)
                        .orElseThrow(() -> new IllegalStateException("a failed job has no problem")));
            case "cancelled" -> new JobState.Cancelled();
            default -> throw new IllegalStateException("no job is " + state);
        };
    }

    private static <T> Optional<T> value(ResultSet row, String column, Class<T> type) throws SQLException {
        @Nullable String text = row.getString(column);
        return text == null ? Optional.empty() : Optional.of(JSON.readValue(text, type));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
