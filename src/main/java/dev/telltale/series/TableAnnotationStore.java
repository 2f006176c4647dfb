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
public final class TableAnnotationStore implements AnnotationStore {

    private static final String SELECT =
            "SELECT id, start, finish, verdict, label_set, source, note FROM annotation WHERE series = ?";

    private final Database database;

    public TableAnnotationStore(Database database) {
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
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static List<Annotation> select(
            Connection connection, long seriesId, AnnotationFilter filter, Place place, int limit) throws SQLException {
        StringBuilder query = new StringBuilder(SELECT + " AND finish >= ? AND start <= ? AND (start, id) > (?, ?)");
        List<Object> values =
                new ArrayList<>(List.of(seriesId, filter.start(), filter.end(), place.start(), place.id()));
        if (filter.set().isPresent()) {
            if (filter.set().get().indexOf('\0') >= 0) {
                return List.of(); // no set has such a name, and not every database takes it
            }
            query.append(" AND label_set = ?");
            values.add(filter.set().get());
        }
        if (filter.verdict().isPresent()) {
            query.append(" AND verdict = ?");
            values.add(word(filter.verdict().get()));
        }
        query.append(" ORDER BY start, id LIMIT ?");
        values.add(limit);
        try (PreparedStatement statement = connection.prepareStatement(query.toString())) {
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
            return annotations(statement);
        }
    }

    private static Optional<Annotation> find(Connection connection, long seriesId, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT + " AND id = ?")) {
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
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
