package dev.telltale.live;

import dev.telltale.database.Database;
import dev.telltale.http.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The detectors on disk.
final class DetectorTable {

    private final Database database;
    private final Json json;

    DetectorTable(Database database, Json json) {
        this.database = database;
        this.json = json;
    }

    /// A detector as it is kept.
    record Row(long id, Detector detector) {}

    List<Row> all() {
        return database.read(connection -> {
            try (PreparedStatement select =
                            connection.prepareStatement("SELECT id, name, specification FROM detector ORDER BY name");
                    ResultSet row = select.executeQuery()) {
                List<Row> rows = new ArrayList<>();
                while (row.next()) {
                    DetectorForm form = json.read(
                            new ByteArrayInputStream(row.getString(3).getBytes(StandardCharsets.UTF_8)),
                            DetectorForm.class);
                    rows.add(new Row(row.getLong(1), form.detector(new DetectorName(row.getString(2)))));
                }
                return rows;
            }
        });
    }

    /// Keeps a new detector, or another specification of one.
    ///
    /// @return its id, which stays
    long save(Connection connection, Detector detector) throws SQLException {
        try (PreparedStatement upsert =
                connection.prepareStatement("INSERT INTO detector (name, specification) VALUES (?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET specification = excluded.specification RETURNING id")) {
            upsert.setString(1, detector.name().value());
            upsert.setString(2, new String(json.write(DetectorForm.of(detector)), StandardCharsets.UTF_8));
            try (ResultSet row = upsert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /// Forgets a detector with its watches.
    static void delete(Connection connection, long id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM detector WHERE id = ?")) {
            delete.setLong(1, id);
            delete.executeUpdate();
        }
    }
}
