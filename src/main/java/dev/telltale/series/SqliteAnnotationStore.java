package dev.telltale.series;

import dev.telltale.database.Database;
import dev.telltale.http.Conditions;
import dev.telltale.http.EntityTag;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Annotations as rows of their own table.
public final class SqliteAnnotationStore implements AnnotationStore {

    private static final String SELECT =
            "SELECT id, start, finish, verdict, label_set, source, note FROM annotation WHERE series = ?1";
    private static final String LIST = SELECT + " AND (?2 IS NULL OR label_set = ?2) AND (?3 IS NULL OR verdict = ?3)"
            + " AND finish >= ?4 AND start <= ?5 AND (start, id) > (?6, ?7) ORDER BY start, id LIMIT ?8";

    private final Database database;

    public SqliteAnnotationStore(Database database) {
        this.database = database;
    }

    @Override
    public List<Annotation> list(long seriesId, AnnotationFilter filter, Place place, int limit) {
        return database.read(connection -> select(connection, seriesId, filter, place, limit));
    }

    @Override
    public Optional<Annotation> find(long seriesId, long id) {
        return database.read(connection -> find(connection, seriesId, id));
    }

    @Override
    public EntityTag tag(long seriesId) {
        return database.read(connection -> tag(connection, seriesId));
    }

    @Override
    public Annotation add(long seriesId, Annotation annotation, Conditions conditions) {
        return database.write(connection -> {
            refuseUnknown(connection, seriesId);
            conditions.check(tag(connection, seriesId));
            return add(connection, seriesId, annotation).orElseThrow();
        });
    }

    @Override
    public Optional<Annotation> add(Connection connection, long seriesId, Annotation annotation) throws SQLException {
        if (!isThere(connection, seriesId)) {
            return Optional.empty();
        }
        refuseTooMany(connection, seriesId, 1);
        long id = insert(connection, seriesId, annotation);
        return find(connection, seriesId, id);
    }

    @Override
    public List<Annotation> replace(long seriesId, String set, List<Annotation> annotations, Conditions conditions) {
        return database.write(connection -> {
            refuseUnknown(connection, seriesId);
            conditions.check(tag(connection, seriesId));
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM annotation WHERE series = ? AND label_set = ?")) {
                delete.setLong(1, seriesId);
                delete.setString(2, set);
                delete.executeUpdate();
            }
            refuseTooMany(connection, seriesId, annotations.size());
            for (Annotation annotation : annotations) {
                insert(connection, seriesId, annotation);
            }
            return select(connection, seriesId, AnnotationFilter.ofSet(set), Place.FIRST, MOST_OF_A_SERIES);
        });
    }

    @Override
    public boolean delete(long seriesId, long id, Conditions conditions) {
        return database.writeFromReserve(connection -> {
            conditions.check(tag(connection, seriesId));
            return delete(connection, seriesId, id);
        });
    }

    @Override
    public boolean delete(Connection connection, long seriesId, long id) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM annotation WHERE series = ? AND id = ?")) {
            delete.setLong(1, seriesId);
            delete.setLong(2, id);
            return delete.executeUpdate() > 0;
        }
    }

    /// Rows never change and their ids are never given again, so the ids tell all.
    private static EntityTag tag(Connection connection, long seriesId) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT id FROM annotation WHERE series = ? ORDER BY id")) {
            statement.setLong(1, seriesId);
            StringBuilder ids = new StringBuilder();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.append(row.getLong(1)).append(' ');
                }
            }
            return EntityTag.hashing(ids.toString());
        }
    }

    private static long insert(Connection connection, long seriesId, Annotation annotation) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO annotation (series, label_set, start, finish, verdict, source,"
                        + " note) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id")) {
            insert.setLong(1, seriesId);
            insert.setString(2, annotation.set());
            insert.setLong(3, annotation.start());
            insert.setLong(4, annotation.end());
            insert.setString(5, word(annotation.verdict()));
            insert.setString(6, word(annotation.source()));
            insert.setObject(7, annotation.note().orElse(null));
            try (ResultSet row = insert.executeQuery()) {
                return row.getLong(1);
            }
        }
    }

    private static List<Annotation> select(
            Connection connection, long seriesId, AnnotationFilter filter, Place place, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setLong(1, seriesId);
            statement.setObject(2, filter.set().orElse(null));
            statement.setObject(
                    3, filter.verdict().map(SqliteAnnotationStore::word).orElse(null));
            statement.setLong(4, filter.start());
            statement.setLong(5, filter.end());
            statement.setLong(6, place.start());
            statement.setLong(7, place.id());
            statement.setInt(8, limit);
            return annotations(statement);
        }
    }

    private static Optional<Annotation> find(Connection connection, long seriesId, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT + " AND id = ?2")) {
            statement.setLong(1, seriesId);
            statement.setLong(2, id);
            return annotations(statement).stream().findFirst();
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

    private static void refuseUnknown(Connection connection, long seriesId) throws SQLException {
        if (!isThere(connection, seriesId)) {
            throw SeriesProblem.SERIES_NOT_FOUND.because("no series has the id %d", seriesId);
        }
    }

    private static boolean isThere(Connection connection, long seriesId) throws SQLException {
        return count(connection, "series WHERE id = ?", seriesId) > 0;
    }

    private static void refuseTooMany(Connection connection, long seriesId, int more) throws SQLException {
        long present = count(connection, "annotation WHERE series = ?", seriesId);
        if (present + more > MOST_OF_A_SERIES) {
            throw SeriesProblem.ANNOTATION_LIMIT.because(
                    "a series may have %d annotations over all its sets; beside these %d there are %d already",
                    MOST_OF_A_SERIES, more, present);
        }
    }

    private static long count(Connection connection, String rows, long seriesId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM " + rows)) {
            statement.setLong(1, seriesId);
            try (ResultSet row = statement.executeQuery()) {
                return row.getLong(1);
            }
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
