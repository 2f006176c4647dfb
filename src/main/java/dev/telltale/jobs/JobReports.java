package dev.telltale.jobs;

import dev.telltale.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Optional;

/// What became of jobs of one kind, as JSON, in a table of their own; the newest thousand, as many as ended jobs
/// are kept.
public final class JobReports {

    private static final int MOST = 1_000;

    private final Database database;
    private final String table;

    /// @param table of the columns `id` and `report`
    public JobReports(Database database, String table) {
        this.database = database;
        this.table = table;
    }

    /// Keeps the report of a job; that of an earlier run is replaced.
    ///
    /// @throws JobStopped if the job is not this run's any more; the report that there is stays
    public void keep(JobRun run, String report) {
        database.writeFromReserve(connection -> {
            run.fence().check(connection);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table
                            + " (id, report) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET report = excluded.report");
                    PreparedStatement forget = connection.prepareStatement("DELETE FROM " + table + " WHERE id <="
                            + " (SELECT id FROM " + table + " ORDER BY id DESC LIMIT 1 OFFSET " + MOST + ")")) {
                insert.setLong(1, run.id());
                insert.setString(2, report);
                insert.executeUpdate();
                return forget.executeUpdate();
            }
        });
    }

    /// The report of a job.
    public Optional<String> find(long job) {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT report FROM " + table + " WHERE id = ?")) {
                select.setLong(1, job);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
                }
            }
        });
    }
}
