package dev.telltale.models;

import dev.telltale.database.Changes;
import dev.telltale.database.Database;
import dev.telltale.database.SqlWork;
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
///
/// All changes are ordered writes, and what has to be so for one is asked in it: no other process can change that
/// meanwhile.
final class ModelTable {

    /// The kind of change by which processes hear that another version of a model may be active; the subject is its
    /// name.
    static final String CHANGE = "model";
    /// The kind of change by which they hear that a version was deleted; the subject is a `Gone`.
    static final String GONE = "model-gone";

    private static final String SELECT =
            "select m.id, m.name, m.version, m.version = a.version as active, m.created, m.series, m.architecture,"
                    + " m.length, m.parameters, m.sha256 from model m join active_model a on a.name = m.name";

    private static final JsonMapper JSON = new Json().mapper();

    /// Between series as releases before wrote them, which a comma in a selector's braces is not.
    private static final String BETWEEN_SERIES = ",(?![^{]*})";

    private final Database database;
    private final Changes changes;

    ModelTable(Database database, Changes changes) {
        this.database = database;
        this.changes = changes;
    }

    /// A version that was deleted, as one word for others to hear.
    ///
    /// @param id of its row
    record Gone(long id, ModelName name, int version) {

        static Gone parse(String subject) {
            String[] parts = subject.split(" ", 3);
            return new Gone(Long.parseLong(parts[0]), new ModelName(parts[2]), Integer.parseInt(parts[1]));
        }

        private static String subject(StoredModel model) {
            return model.id() + " " + model.version() + " " + model.name();
        }
    }

    static Problem exists(ModelName name, int version) {
        return ModelsProblem.MODEL_EXISTS.because("model '%s' has or had a version %d already", name, version);
    }

    /// @param sha256 the hash in the version's file
    /// @param activate whether it becomes active even if it is not the first of its name
    /// @param file by which its file is found in the database, if it lies there
    /// @param fence of the run that made it, or what else must be so
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
            changes.note(connection, CHANGE, manifest.name().value());
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

    static int newest(Connection connection, ModelName name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select newest from active_model where name = ?")) {
            select.setString(1, name.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }

    int models() {
        return database.read(ModelTable::models);
    }

    static int models(Connection connection) throws SQLException {
        return count(connection, "select count(*) from active_model");
    }

    int versions(ModelName name) {
        return database.read(connection -> versions(connection, name));
    }

    static int versions(Connection connection, ModelName name) throws SQLException {
        return count(connection, "select count(*) from model where name = ?", name.value());
    }

    private static int count(Connection connection, String query, Object... arguments) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            for (int i = 0; i < arguments.length; i++) {
                select.setObject(i + 1, arguments[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
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
                changes.note(connection, CHANGE, name.value());
            }
            return version(connection, name, version);
        });
    }

    /// Whether there is a model of this name.
    static boolean isPresent(Connection connection, ModelName name) throws SQLException {
        return active(connection, name).isPresent();
    }

    /// Deletes all versions of a model.
    ///
    /// @param check done in the same transaction; what it throws leaves the model as it is
    /// @return those there were
    List<StoredModel> delete(ModelName name, Conditions conditions, SqlWork<?> check) {
        return database.writeFromReserve(connection -> {
            check(connection, name, conditions);
            check.run(connection);
            List<StoredModel> versions = select(connection, "where m.name = ?", name.value());
            update(connection, "delete from active_model where name = ?", name.value());
            update(connection, "delete from model where name = ?", name.value());
            for (StoredModel version : versions) {
                changes.note(connection, GONE, Gone.subject(version));
            }
            return versions;
        });
    }

    /// Deletes a version that is not active.
    ///
    /// @param check done in the same transaction; what it throws leaves the version as it is
    /// @return whether it was there and not active
    boolean delete(StoredModel model, SqlWork<?> check) {
        return database.writeFromReserve(connection -> {
            check.run(connection);
            boolean isDeleted = update(
                            connection,
                            "delete from model where id = ? and version <> (select version from active_model where name = ?)",
                            model.id(),
                            model.name().value())
                    > 0;
            if (isDeleted) {
                changes.note(connection, GONE, Gone.subject(model));
            }
            return isDeleted;
        });
    }

    static Optional<StoredModel> active(Connection connection, ModelName name) throws SQLException {
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
