package dev.telltale.models;

import dev.telltale.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Optional;

/// What became of tunings, as JSON; the newest thousand, as many as ended jobs are kept.
final class TuningReports {

    private static final int MOST = 1_000;

    private final Database database;

    TuningReports(Database database) {
        this.database = database;
    }

    /// Keeps the report of a job; that of an earlier run is replaced.
    void keep(long job, String report) {
        database.write(connection -> {
            try (PreparedStatement insert =
                            connection.prepareStatement("INSERT OR REPLACE INTO tuning (id, report) VALUES (?, ?)");
                    PreparedStatement forget = connection.prepareStatement("DELETE FROM tuning WHERE id <="
                            + " (SELECT id FROM tuning ORDER BY id DESC LIMIT 1 OFFSET " + MOST + ")")) {
                insert.setLong(1, job);
                insert.setString(2, report);
                insert.executeUpdate();
                return forget.executeUpdate();
            }
        });
    }

    Optional<String> find(long job) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT report FROM tuning WHERE id = ?")) {
                select.setLong(1, job);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
                }
            }
        });
    }
}
