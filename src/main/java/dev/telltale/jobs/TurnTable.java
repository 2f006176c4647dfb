package dev.telltale.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/// Whose turn it is: the table that db-scheduler polls. Rows are added here and not by its client, so
/// that a job and its turn come to disk in one transaction.
///
/// A turn is due at as many milliseconds after the epoch as the job's id says. That is always past, and
/// unlike a time of submission it never ties, so jobs run in the order of their ids.
final class TurnTable {

    /// Name of the scheduler's task; its instances are named by the job's id.
    static final String TASK = "job";

    private static final String INSERT =
            "INSERT INTO scheduled_tasks" + " (task_name, task_instance, execution_time, picked, version) SELECT '"
                    + TASK + "', CAST(id AS TEXT), id, 0, 1 FROM job";

    private TurnTable() {}

    static void add(Connection connection, long jobId) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT + " WHERE id = ?")) {
            insert.setLong(1, jobId);
            insert.executeUpdate();
        }
    }

    /// Gives each queued job its turn and forgets all others, such as those that a killed process had
    /// picked: the scheduler would give them back only after missing several heartbeats.
    static void rebuild(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM scheduled_tasks");
            statement.executeUpdate(INSERT + " WHERE state = 'queued'");
        }
    }
}
