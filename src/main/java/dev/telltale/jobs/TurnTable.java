package dev.telltale.jobs;

import dev.telltale.database.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;

/// Whose turn it is: the table that db-scheduler polls. Rows are added here and not by its client, so that a job
/// and its turn come to disk in one transaction. A turn is the right to do the job by whose id it is named.
///
/// It is due at as many milliseconds after the epoch as that id says. That is always past, and
/// unlike a time of submission it never ties, so jobs of a lane begin in the order of their ids.
final class TurnTable {

    private final String insert;
    private final String insertUnlessThere;

    TurnTable(Dialect dialect) {
        insert = "INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                + " SELECT ?, CAST(id AS TEXT), "
                + dialect.choose("id, 0", "to_timestamp(id / 1000.0), false") + ", 1 FROM job WHERE ";
        insertUnlessThere = insert + "state IN ('queued', 'running') AND kind IN (%s) AND NOT EXISTS"
                + " (SELECT 1 FROM scheduled_tasks turn WHERE turn.task_name = ? AND turn.task_instance = CAST(job.id AS TEXT))"
                + " ON CONFLICT DO NOTHING";
    }

    /// When the turn of a job is due.
    static Instant due(long jobId) {
        return Instant.ofEpochMilli(jobId);
    }

    void add(Connection connection, Lane lane, long jobId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insert + "id = ?")) {
            statement.setString(1, lane.task());
            statement.setLong(2, jobId);
            statement.executeUpdate();
        }
    }

    /// Gives a turn to each job of these lanes that has not ended and has none.
    ///
    /// @return how many there were
    int addMissing(Connection connection, Collection<Lane> lanes) throws SQLException {
        int added = 0;
        for (Lane lane : lanes) {
            String marks = String.join(", ", Collections.nCopies(lane.kinds().size(), "?"));
            try (PreparedStatement statement = connection.prepareStatement(insertUnlessThere.formatted(marks))) {
                int place = 1;
                statement.setString(place++, lane.task());
                for (String kind : lane.kinds()) {
                    statement.setString(place++, kind);
                }
                statement.setString(place, lane.task());
                added += statement.executeUpdate();
            }
        }
        return added;
    }

    /// Forgets all turns, those of other tasks included, such as those that a killed process had
    /// picked: the scheduler would give them back only after missing several heartbeats.
    void clear(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM scheduled_tasks");
        }
    }
}
