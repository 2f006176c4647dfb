package dev.telltale.series;

import dev.telltale.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Annotations as rows of their own table; they go with their series.
public final class SqliteAnnotationStore implements AnnotationStore {

    private static final String COLUMNS = "id, start, finish, verdict, label_set, source, note";

    private final Database database;

    public SqliteAnnotationStore(Database database) {
        this.database = database;
    }

    @Override
    public List<Annotation> of(long seriesId, String set) {
        return database.read(connection -> select(connection, seriesId, set));
    }

    @Override
    public List<Annotation> of(long seriesId) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT " + COLUMNS + " FROM annotation WHERE series = ? ORDER BY start, id")) {
                statement.setLong(1, seriesId);
                return annotations(statement);
            }
        });
    }

    @Override
    public List<Annotation> replace(long seriesId, String set, List<Annotation> annotations) {
        return database.write(connection -> {
            if (!exists(connection, seriesId)) {
                throw SeriesProblem.SERIES_NOT_FOUND.because("no series has the id %d", seriesId);
            }
            try (PreparedStatement delete =
                            connection.prepareStatement("DELETE FROM annotation WHERE series = ? AND label_set = ?");
                    PreparedStatement insert = connection.prepareStatement(
                            "INSERT INTO annotation"
                                    + " (series, label_set, start, finish, verdict, source, note) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
                delete.setLong(1, seriesId);
                delete.setString(2, set);
                delete.executeUpdate();
                for (Annotation annotation : annotations) {
                    insert.setLong(1, seriesId);
                    insert.setString(2, set);
                    insert.setLong(3, annotation.start());
                    insert.setLong(4, annotation.end());
                    insert.setString(5, annotation.verdict().name().toLowerCase(Locale.ROOT));
                    insert.setString(6, annotation.source().name().toLowerCase(Locale.ROOT));
                    if (annotation.note().isPresent()) {
                        insert.setString(7, annotation.note().get());
                    } else {
                        insert.setNull(7, Types.VARCHAR);
                    }
                    insert.executeUpdate();
                }
            }
            return select(connection, seriesId, set);
        });
    }

    private static List<Annotation> select(Connection connection, long seriesId, String set) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM annotation WHERE series = ? AND label_set = ? ORDER BY start, id")) {
            statement.setLong(1, seriesId);
            statement.setString(2, set);
            return annotations(statement);
        }
    }

    private static List<Annotation> annotations(PreparedStatement statement) throws SQLException {
        List<Annotation> annotations = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                annotations.add(new Annotation(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        Annotation.Verdict.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                        row.getString(5),
                        Annotation.Source.valueOf(row.getString(6).toUpperCase(Locale.ROOT)),
                        Optional.ofNullable(row.getString(7))));
            }
        }
        return annotations;
    }

    private static boolean exists(Connection connection, long seriesId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT 1 FROM series WHERE id = ?")) {
            statement.setLong(1, seriesId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }
}
