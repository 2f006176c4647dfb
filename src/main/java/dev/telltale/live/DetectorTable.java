package dev.telltale.live;

import dev.telltale.database.Database;
import dev.telltale.http.Json;
import dev.telltale.models.ModelName;
import dev.telltale.problem.Problem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The detectors on disk.
final class DetectorTable {

    private static final Logger LOG = LoggerFactory.getLogger(DetectorTable.class);

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
                    read(row).ifPresent(rows::add);
                }
                return rows;
            }
        });
    }

    /// One that cannot be read must not keep the others from their work.
    private Optional<Row> read(ResultSet row) throws SQLException {
        String name = row.getString(2);
        try {
            DetectorForm form = json.read(
                    new ByteArrayInputStream(row.getString(3).getBytes(StandardCharsets.UTF_8)), DetectorForm.class);
            return Optional.of(new Row(row.getLong(1), form.detector(new DetectorName(name))));
        } catch (Problem unreadable) {
            LOG.error("Detector '{}' is not what this version writes: {}", name, unreadable.detail(), unreadable);
            return Optional.empty();
        }
    }

    /// The id of a detector, also of one that cannot be read.
    OptionalLong idOf(DetectorName name) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT id FROM detector WHERE name = ?")) {
                select.setString(1, name.value());
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
                }
            }
        });
    }

    /// A detector that uses a model.
    static Optional<String> userOf(Connection connection, ModelName model) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT name FROM detector WHERE model = ? ORDER BY name LIMIT 1")) {
            select.setString(1, model.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /// Keeps a new detector, or another specification of one.
    ///
    /// @return its id, which stays
    long save(Connection connection, Detector detector) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("INSERT INTO detector (name, specification, model,"
                + " revision) VALUES (?, ?, ?, 1) ON CONFLICT (name) DO UPDATE SET"
                + " specification = excluded.specification, model = excluded.model, revision = detector.revision + 1"
                + " RETURNING id")) {
            upsert.setString(1, detector.name().value());
            upsert.setString(2, new String(json.write(DetectorForm.of(detector)), StandardCharsets.UTF_8));
            upsert.setString(3, detector.model().value());
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
