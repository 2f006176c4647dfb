package dev.telltale.series;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The series table. Labels stand in it as JSON, names ascending, so that equal labels are equal text.
final class SeriesTable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, String>> MAP = new TypeReference<>() {};

    private SeriesTable() {}

    /// The series with ids above this one, by id, their heads empty.
    static List<StoredSeries> after(Connection connection, long id) throws SQLException {
        return where(connection, "id > ?", id);
    }

    /// The series of a partition of the store, by id, their heads empty.
    static List<StoredSeries> ofPartition(Connection connection, int partition) throws SQLException {
        return where(connection, "partition = ?", partition);
    }

    private static List<StoredSeries> where(Connection connection, String condition, long value) throws SQLException {
        List<StoredSeries> all = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT id, name, labels, unit, interval_ms, compacted, newest, partition FROM series WHERE "
                        + condition + " ORDER BY id")) {
            statement.setLong(1, value);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    all.add(stored(row));
                }
            }
        }
        return all;
    }

    private static StoredSeries stored(ResultSet row) throws SQLException {
        SeriesKey key = new SeriesKey(row.getString(2), labels(row.getString(3)));
        Optional<String> unit = Optional.ofNullable(row.getString(4));
        long millis = row.getLong(5);
        Optional<Duration> interval = row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
        long compacted = row.getLong(6);
        long newest = row.getLong(7);
        long newestInChunks = row.wasNull() ? Long.MIN_VALUE : newest;
        Series series = new Series(row.getLong(1), key, unit, interval);
        return new StoredSeries(series, row.getInt(8), compacted, newestInChunks);
    }

    /// Labels as they stand in the table.
    static String text(Labels labels) {
        return JSON.writeValueAsString(labels.values());
    }

    /// Labels of which this is the text.
    static Labels labels(String text) {
        return Labels.of(JSON.readValue(text, MAP));
    }

    /// Adds a series and gives back its id.
    static long insert(Connection connection, SeriesKey key) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO series (name, labels) VALUES (?, ?) RETURNING id")) {
            statement.setString(1, key.name());
            statement.setString(2, text(key.labels()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    static int describe(Connection connection, Series series) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE series SET unit = ?, interval_ms = ? WHERE id = ?")) {
            if (series.unit().isPresent()) {
                statement.setString(1, series.unit().get());
            } else {
                statement.setNull(1, Types.VARCHAR);
            }
            if (series.interval().isPresent()) {
                statement.setLong(2, series.interval().get().toMillis());
            } else {
                statement.setNull(2, Types.BIGINT);
            }
            statement.setLong(3, series.id());
            return statement.executeUpdate();
        }
    }

    /// Notes up to which row of the log the samples of these series are in chunks.
    ///
    /// @param sequence of that row
    static int compacted(Connection connection, List<StoredSeries> all, ToLongFunction<StoredSeries> sequence)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE series SET compacted = ? WHERE id = ?")) {
            for (StoredSeries series : all) {
                statement.setLong(1, sequence.applyAsLong(series));
                statement.setLong(2, series.id());
                statement.addBatch();
            }
            statement.executeBatch();
        }
        return all.size();
    }

    static int delete(Connection connection, long id) throws SQLException {
        try (PreparedStatement chunks = connection.prepareStatement("DELETE FROM chunk WHERE series = ?");
                PreparedStatement series = connection.prepareStatement("DELETE FROM series WHERE id = ?")) {
            chunks.setLong(1, id);
            chunks.executeUpdate();
            series.setLong(1, id);
            return series.executeUpdate();
        }
    }

    /// Deletes a series without samples unless something is said of it: a unit, an interval, an annotation.
    static int deleteBare(Connection connection, long id) throws SQLException {
        try (PreparedStatement series = connection.prepareStatement("DELETE FROM series WHERE id = ? AND unit IS NULL"
                + " AND interval_ms IS NULL AND NOT EXISTS (SELECT 1 FROM annotation WHERE series = ?)")) {
            series.setLong(1, id);
            series.setLong(2, id);
            return series.executeUpdate();
        }
    }
}
