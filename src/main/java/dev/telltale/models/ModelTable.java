package dev.telltale.models;

import dev.telltale.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rows of saved models, one for each version.
final class ModelTable {

    private static final String SELECT =
            "select id, name, version, created, series, architecture, length, parameters, sha256 from model m";

    /// Stands in no name and no id.
    private static final String BETWEEN_SERIES = ",";

    private final Database database;

    ModelTable(Database database) {
        this.database = database;
    }

    /// @param sha256 the hash in the version's file
    StoredModel insert(Manifest manifest, String sha256) {
        return database.write(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into model (name, version, created, series, architecture, length, parameters, sha256)"
                            + " values (?, ?, ?, ?, ?, ?, ?, ?)")) {
                ModelSpecification specification = manifest.specification();
                insert.setString(1, manifest.name().value());
                insert.setInt(2, manifest.version());
                insert.setLong(3, manifest.created().toEpochMilli());
                insert.setString(4, String.join(BETWEEN_SERIES, specification.series()));
                insert.setString(5, ArchitectureForm.label(specification.architecture()));
                insert.setInt(6, specification.windowing().length());
                insert.setLong(7, manifest.parameters());
                insert.setString(8, sha256);
                insert.executeUpdate();
            }
            return version(connection, manifest.name(), manifest.version()).orElseThrow();
        });
    }

    Optional<StoredModel> newest(ModelName name) {
        return database.read(
                connection -> select(connection, "where name = ? order by version desc limit 1", name.value()).stream()
                        .findFirst());
    }

    Optional<StoredModel> version(ModelName name, int version) {
        return database.read(connection -> version(connection, name, version));
    }

    /// Whether there is a version that its directories name so.
    boolean has(String name, String version) {
        return !database.read(
                        connection -> select(connection, "where name = ? and cast(version as text) = ?", name, version))
                .isEmpty();
    }

    /// The newest versions of models behind `after` in the order of their names, at most `limit`.
    List<StoredModel> list(String after, int limit) {
        return database.read(connection -> select(
                connection,
                "where name > ? and version = (select max(version) from model where name = m.name)"
                        + " order by name limit ?",
                after,
                limit));
    }

    /// Deletes all versions of a model.
    ///
    /// @return how many there were
    int delete(ModelName name) {
        return database.write(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("delete from model where name = ?")) {
                delete.setString(1, name.value());
                return delete.executeUpdate();
            }
        });
    }

    private static Optional<StoredModel> version(Connection connection, ModelName name, int version)
            throws SQLException {
        return select(connection, "where name = ? and version = ?", name.value(), version).stream()
                .findFirst();
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
                            Instant.ofEpochMilli(row.getLong("created")),
                            List.of(row.getString("series").split(BETWEEN_SERIES)),
                            row.getString("architecture"),
                            row.getInt("length"),
                            row.getLong("parameters"),
                            row.getString("sha256")));
                }
            }
            return models;
        }
    }
}
