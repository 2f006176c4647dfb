package dev.telltale.models;

import dev.telltale.database.Database;
import dev.telltale.http.Conditions;
import dev.telltale.http.Json;
import dev.telltale.jobs.Fence;
import dev.telltale.problem.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/// The rows of saved models, one for each version, and for each name which version is active.
final class ModelTable {

    private static final String SELECT =
            "select m.id, m.name, m.version, m.version = a.version as active, m.created, m.series, m.architecture,"
                    + " m.length, m.parameters, m.sha256 from model m join active_model a on a.name = m.name";

    private static final JsonMapper JSON = new Json().mapper();

    /// Between series as releases before wrote them, which a comma in a selector's braces is not.
    private static final String BETWEEN_SERIES = ",(?![^{]*})";

    private final Database database;

    ModelTable(Database database) {
        this.database = database;
    }

    static Problem exists(ModelName name, int version) {
        return ModelsProblem.MODEL_EXISTS.because("model '%s' has or had a version %d already", name, version);
    }

    /// @param sha256 the hash in the version's file
    /// @param activate whether it becomes active even if it is not the first of its name
    /// @param file by which its file is found in the database, if it lies there
    /// @param fence of the run that made it
    /// @throws Problem `MODEL_EXISTS` if the version is there by now, or was
    StoredModel insert(Manifest manifest, String sha256, boolean activate, Optional<UUID> file, Fence fence) {
        return database.write(connection -> {
            fence.check(connection);
            if (manifest.version() <= newest(connection, manifest.name())) {
                throw exists(manifest.name(), manifest.version());
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into model (name, version, created, series, architecture, length, parameters, sha256)"
                            + " values (?, ?, ?, ?, ?, ?, ?, ?)")) {
                ModelSpecification specification = manifest.specification();
                insert.setString(1, manifest.name().value());
                insert.setInt(2, manifest.version());
                insert.setLong(3, manifest.created().toEpochMilli());
                insert.setString(4, JSON.writeValueAsString(specification.series()));
                insert.setString(5, ArchitectureForm.label(specification.architecture()));
                insert.setInt(6, specification.windowing().length());
                insert.setLong(7, manifest.parameters());
                insert.setString(8, sha256);
                insert.executeUpdate();
            }
            if (file.isPresent()) {
                update(
                        connection,
                        "update model set file = ? where name = ? and version = ?",
                        file.get(),
                        manifest.name().value(),
                        manifest.version());
            }
            try (PreparedStatement upsert = connection.prepareStatement(
                    "insert into active_model (name, version, newest) values (?, ?, ?) on conflict (name) do update"
                            + " set newest = excluded.newest,"
                            + " version = case when ? = 1 then excluded.version else active_model.version end")) {
                upsert.setString(1, manifest.name().value());
                upsert.setInt(2, manifest.version());
                upsert.setInt(3, manifest.version());
                upsert.setInt(4, activate ? 1 : 0);
                upsert.executeUpdate();
            }
            return version(connection, manifest.name(), manifest.version()).orElseThrow();
        });
    }

    Optional<StoredModel> active(ModelName name) {
        return database.read(connection -> active(connection, name));
    }

    /// The highest number that a version of this name has got, 0 if there is no such model.
    int newest(ModelName name) {
        return database.read(connection -> newest(connection, name));
    }

    private static int newest(Connection connection, ModelName name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select newest from active_model where name = ?")) {
            select.setString(1, name.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }

    int models() {
        return count("select count(*) from active_model");
    }

    int versions(ModelName name) {
        return count("select count(*) from model where name = ?", name.value());
    }

    private int count(String query, Object... arguments) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(query)) {
                for (int i = 0; i < arguments.length; i++) {
                    select.setObject(i + 1, arguments[i]);
                }
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return row.getInt(1);
                }
            }
        });
    }

    Optional<StoredModel> version(ModelName name, int version) {
        return database.read(connection -> version(connection, name, version));
    }

    /// Whether there is a version that its directories name so.
    boolean has(String name, String version) {
        return !database.read(connection ->
                        select(connection, "where m.name = ? and cast(m.version as text) = ?", name, version))
                .isEmpty();
    }

    /// The active versions of models behind `after` in the order of their names, at most `limit`.
    List<StoredModel> list(String after, int limit) {
        return database.read(connection ->
                select(connection, "where m.name > ? and m.version = a.version order by m.name limit ?", after, limit));
    }

    /// The versions of a model below `before`, the newest first, at most `limit`.
    List<StoredModel> versions(ModelName name, int before, int limit) {
        return database.read(connection -> select(
                connection,
                "where m.name = ? and m.version < ? order by m.version desc limit ?",
                name.value(),
                before,
                limit));
    }

    /// Makes a version the active one of its model.
    ///
    /// @return the version, empty if there is no such one
    Optional<StoredModel> activate(ModelName name, int version, Conditions conditions) {
        return database.write(connection -> {
            check(connection, name, conditions);
            if (version(connection, name, version).isPresent()) {
                update(connection, "update active_model set version = ? where name = ?", version, name.value());
            }
            return version(connection, name, version);
        });
    }

    /// Deletes all versions of a model.
    ///
    /// @return those there were
    List<StoredModel> delete(ModelName name, Conditions conditions) {
        return database.writeFromReserve(connection -> {
            check(connection, name, conditions);
            List<StoredModel> versions = select(connection, "where m.name = ?", name.value());
            update(connection, "delete from active_model where name = ?", name.value());
            update(connection, "delete from model where name = ?", name.value());
            return versions;
        });
    }

    /// Deletes a version that is not active.
    ///
    /// @return whether it was there and not active
    boolean delete(StoredModel model) {
        return database.writeFromReserve(connection -> update(
                        connection,
                        "delete from model where id = ? and version <> (select version from active_model where name = ?)",
                        model.id(),
                        model.name().value())
                > 0);
    }

    private static Optional<StoredModel> active(Connection connection, ModelName name) throws SQLException {
        return select(connection, "where m.name = ? and m.version = a.version", name.value()).stream()
                .findFirst();
    }

    private static void check(Connection connection, ModelName name, Conditions conditions) throws SQLException {
        conditions.check(active(connection, name).map(StoredModel::tag));
    }

    private static Optional<StoredModel> version(Connection connection, ModelName name, int version)
            throws SQLException {
        return select(connection, "where m.name = ? and m.version = ?", name.value(), version).stream()
                .findFirst();
    }

    private static int update(Connection connection, String statement, Object... arguments) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(statement)) {
            for (int i = 0; i < arguments.length; i++) {
                update.setObject(i + 1, arguments[i]);
            }
            return update.executeUpdate();
        }
    }

    private static List<StoredModel> select(Connection connection, String condition, Object... arguments)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + " " + condition)) {
            for (int i = 0; i < arguments.length; i++) {
                select.setObject(i + 1, arguments[i]);
            }
            List<StoredModel> models = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    models.add(new StoredModel(
                            row.getLong("id"),
                            new ModelName(row.getString("name")),
                            row.getInt("version"),
                            row.getBoolean("active"),
                            Instant.ofEpochMilli(row.getLong("created")),
                            series(row.getString("series")),
                            row.getString("architecture"),
                            row.getInt("length"),
                            row.getLong("parameters"),
                            row.getString("sha256")));
                }
            }
            return models;
        }
    }

    /// A JSON list, with which no series begins.
    private static List<String> series(String text) {
        return List.of(text.startsWith("[") ? JSON.readValue(text, String[].class) : text.split(BETWEEN_SERIES));
    }
}
