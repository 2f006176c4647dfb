package dev.telltale.series;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What of the series table is PostgreSQL's own: how rows come and go where several processes make and delete them.
/// Whoever does so has the ordered writes to himself.
final class SharedSeriesTable {

    private static final String PRESENT = "series";
    private static final String HIGHEST = "series_id";

    /// By which it is seen that series were made.
    static final String MARK = "(SELECT value FROM counter WHERE name = '" + HIGHEST + "')";

    private SharedSeriesTable() {}

    /// How many series there are.
    static long count(Connection connection) throws SQLException {
        return counter(connection, PRESENT);
    }

    /// The highest id that a series was ever given.
    static long highestId(Connection connection) throws SQLException {
        return counter(connection, HIGHEST);
    }

    /// Adds series that are not there.
    ///
    /// @return those that were added
    static List<StoredSeries> insert(Connection connection, List<SeriesKey> keys, FrameGroup group)
            throws SQLException {
        List<StoredSeries> wanted = new ArrayList<>();
        for (long id : nextIds(connection, keys.size())) {
            SeriesKey key = keys.get(wanted.size());
            Series series = new Series(id, key, Optional.empty(), Optional.empty());
            wanted.add(new StoredSeries(series, group.partition(key)));
        }
        int[] inserted;
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO series (id, name, labels, partition,"
                + " identity) VALUES (?, ?, ?, ?, ?) ON CONFLICT (identity) DO NOTHING")) {
            for (StoredSeries stored : wanted) {
                SeriesKey key = stored.series().key();
                String labels = SeriesTable.text(key.labels());
                insert.setLong(1, stored.id());
                insert.setString(2, key.name());
                insert.setString(3, labels);
                insert.setInt(4, stored.partition());
                insert.setBytes(5, identity(key.name(), labels));
                insert.addBatch();
            }
            inserted = insert.executeBatch();
        }
        List<StoredSeries> made = new ArrayList<>();
        for (int i = 0; i < inserted.length; i++) {
            if (inserted[i] == 1) {
                made.add(wanted.get(i));
            }
        }
        set(connection, "value + ?", PRESENT, made.size());
        set(connection, "?", HIGHEST, wanted.getLast().id());
        return made;
    }

    /// Notes for a while that a series was deleted.
    static void deleted(Connection connection, Series series) throws SQLException {
        set(connection, "value - ?", PRESENT, 1);
        try (PreparedStatement forget = connection.prepareStatement(
                        "DELETE FROM gone_series WHERE at < clock_timestamp() - interval '1 hour'");
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO gone_series (id, name, labels) VALUES (?, ?, ?)")) {
            forget.executeUpdate();
            insert.setLong(1, series.id());
            insert.setString(2, series.name());
            insert.setString(3, SeriesTable.text(series.labels()));
            insert.executeUpdate();
        }
    }

    /// Counts series that came with their ids.
    ///
    /// @param highestId that a series was ever given
    static void moved(Connection connection, int count, long highestId) throws SQLException {
        set(connection, "?", PRESENT, count);
        set(connection, "?", HIGHEST, highestId);
    }

    /// Of these ids those of series of which it is noted that they were deleted.
    static Map<Long, GoneSeries> gone(Connection connection, Collection<Long> ids) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT id, name, labels, at FROM gone_series WHERE id = ANY(?)")) {
            Array wanted = connection.createArrayOf("int8", ids.toArray());
            select.setArray(1, wanted);
            try (ResultSet row = select.executeQuery()) {
                Map<Long, GoneSeries> gone = new HashMap<>();
                while (row.next()) {
                    gone.put(
                            row.getLong(1),
                            new GoneSeries(
                                    new SeriesKey(row.getString(2), SeriesTable.labels(row.getString(3))),
                                    row.getObject(4, OffsetDateTime.class).toInstant()));
                }
                return gone;
            } finally {
                wanted.free();
            }
        }
    }

    private static List<Long> nextIds(Connection connection, int count) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement next = connection.prepareStatement(
                "SELECT nextval(pg_get_serial_sequence('series', 'id')) FROM generate_series(1, ?)")) {
            next.setInt(1, count);
            try (ResultSet row = next.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        return ids;
    }

    private static long counter(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT value FROM counter WHERE name = ?")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void set(Connection connection, String expression, String name, long value) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE counter SET value = " + expression + " WHERE name = ?")) {
            statement.setLong(1, value);
            statement.setString(2, name);
            statement.executeUpdate();
        }
    }

    /// By which a series is told from all others in the table.
    static byte[] identity(String name, String labels) {
        try {
            return MessageDigest.getInstance("SHA-256").digest((name + "\n" + labels).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
