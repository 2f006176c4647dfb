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
    private static final String SELECT = "SELECT id, revision, name, specification FROM detector";

    private final Database database;
    private final Json json;
    private final String revisionThatStays;

    DetectorTable(Database database, Json json) {
        this.database = database;
        this.json = json;
        String revision = "SELECT revision FROM detector WHERE id = ?";
        // Where writes are not one after the other, nobody changes it until the transaction ends.
        revisionThatStays = database.dialect().choose(revision, revision + " FOR SHARE");
    }

    /// A detector as it is kept.
    ///
    /// @param revision another one after each change
    record Row(long id, long revision, Detector detector) {}

    /// A detector in a list.
    ///
    /// @param watched series that it watches
    record Listed(Detector detector, int watched) {}

    /// Those that can be read, in the order of their names.
    List<Row> all() {
        return database.read(connection -> select(connection, SELECT + " ORDER BY name"));
    }

    Optional<Row> find(DetectorName name) {
        return database.read(connection -> find(connection, name));
    }

    /// A detector, unless there is none of this name, or none that can be read.
    Optional<Row> find(Connection connection, DetectorName name) throws SQLException {
        return select(connection, SELECT + " WHERE name = ?", name.value()).stream()
                .findFirst();
    }

    /// Those behind `after` in the order of their names, at most `limit`.
    List<Listed> list(String after, int limit) {
        return database.read(connection -> {
            List<Listed> listed = new ArrayList<>();
            for (Row row : select(connection, SELECT + " WHERE name > ? ORDER BY name LIMIT ?", after, limit)) {
                listed.add(new Listed(row.detector(), WatchTable.count(connection, row.id())));
            }
            return listed;
        });
    }

    int count(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT count(*) FROM detector");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    /// The id of a detector, also of one that cannot be read. In an ordered write nobody else changes it, or what it
    /// knows of its series, until the transaction ends.
    OptionalLong idToChange(Connection connection, DetectorName name) throws SQLException {
        String id = "SELECT id FROM detector WHERE name = ?";
        try (PreparedStatement select =
                connection.prepareStatement(database.dialect().choose(id, id + " FOR UPDATE"))) {
            select.setString(1, name.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /// Requires in a transaction that a detector is the same until it ends.
    ///
    /// @throws Outdated if it is not; the transaction must not be committed
    void require(Connection connection, long id, long revision) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(revisionThatStays)) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || row.getLong(1) != revision) {
                    throw new Outdated(id);
                }
            }
        }
    }

    /// Whether a detector is the same as it was.
    boolean isCurrent(long id, long revision) {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT 1 FROM detector WHERE id = ? AND revision = ?")) {
                select.setLong(1, id);
                select.setLong(2, revision);
                try (ResultSet row = select.executeQuery()) {
                    return row.next();
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
    /// @return as it is kept; its id stays
    Row save(Connection connection, Detector detector) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("INSERT INTO detector (name, specification, model,"
                + " revision) VALUES (?, ?, ?, 1) ON CONFLICT (name) DO UPDATE SET"
                + " specification = excluded.specification, model = excluded.model, revision = detector.revision + 1"
                + " RETURNING id, revision")) {
            upsert.setString(1, detector.name().value());
            upsert.setString(2, new String(json.write(DetectorForm.of(detector)), StandardCharsets.UTF_8));
            upsert.setString(3, detector.model().value());
            try (ResultSet row = upsert.executeQuery()) {
                row.next();
                return new Row(row.getLong(1), row.getLong(2), detector);
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

    private List<Row> select(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                select.setObject(i + 1, values[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                List<Row> rows = new ArrayList<>();
                while (row.next()) {
                    read(row).ifPresent(rows::add);
                }
                return rows;
            }
        }
    }

    /// One that cannot be read must not keep the others from their work.
    private Optional<Row> read(ResultSet row) throws SQLException {
        String name = row.getString("name");
        try {
            DetectorForm form = json.read(
                    new ByteArrayInputStream(row.getString("specification").getBytes(StandardCharsets.UTF_8)),
                    DetectorForm.class);
            return Optional.of(
                    new Row(row.getLong("id"), row.getLong("revision"), form.detector(new DetectorName(name))));
        } catch (Problem unreadable) {
            LOG.error("Detector '{}' is not what this version writes: {}", name, unreadable.detail(), unreadable);
            return Optional.empty();
        }
    }
}
