package dev.telltale.live;

import dev.telltale.database.Database;
import dev.telltale.detection.Watch;
import dev.telltale.http.Json;
import dev.telltale.models.SeriesScale;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// What detectors know of each series they watch, on disk.
final class WatchTable {

    private final Database database;
    private final Json json;

    WatchTable(Database database, Json json) {
        this.database = database;
        this.json = json;
    }

    /// One watch.
    ///
    /// @param channels ids of the series judged together
    /// @param scores id of the series that holds the scores
    /// @param since time of the last row that is not judged; absent: all are
    /// @param origin of the series' own grid
    /// @param version of the model that the scale was learned with, 0 without one
    /// @param lastEnd when the last alarm was over
    /// @param endedAt when its sender said that no more samples come
    record Row(
            List<Long> channels,
            long scores,
            OptionalLong since,
            OptionalLong origin,
            int version,
            Optional<SeriesScale> scale,
            Watch.State alarm,
            OptionalLong lastEnd,
            OptionalLong endedAt) {

        /// The first of the channels, which names the watch among those of its detector.
        long series() {
            return channels.getFirst();
        }

        /// A watch that begins, with nothing judged up to a time.
        static Row begin(List<Long> channels, long scores, OptionalLong judgedThrough) {
            return new Row(
                    channels,
                    scores,
                    judgedThrough,
                    OptionalLong.empty(),
                    0,
                    Optional.empty(),
                    Watch.State.NEW,
                    OptionalLong.empty(),
                    OptionalLong.empty());
        }

        /// The same with another state of the alarm and of the series.
        Row with(Watch.State newAlarm, OptionalLong newLastEnd, OptionalLong newEndedAt) {
            return new Row(channels, scores, since, origin, version, scale, newAlarm, newLastEnd, newEndedAt);
        }

        /// The same with a scale that was learned from rows up to a time.
        Row learned(SeriesScale newScale, int ofVersion, long newOrigin, long through) {
            long judgedThrough = Math.max(since.orElse(through), through);
            return new Row(
                    channels,
                    scores,
                    OptionalLong.of(judgedThrough),
                    OptionalLong.of(newOrigin),
                    ofVersion,
                    Optional.of(newScale),
                    alarm,
                    lastEnd,
                    endedAt);
        }

        /// The same with its scores in another series, in which those so far are missing.
        Row withScores(long series, OptionalLong scoredThrough) {
            return new Row(channels, series, scoredThrough, origin, version, scale, Watch.State.NEW, lastEnd, endedAt);
        }

        /// The same as it was before anything was learned, with nothing judged up to a time.
        Row anew(OptionalLong judgedThrough) {
            return begin(channels, scores, judgedThrough);
        }
    }

    /// What is to be told of a watch.
    ///
    /// @param channels ids of the series judged together
    /// @param scores id of the series that holds the scores
    record Brief(List<Long> channels, long scores, OptionalLong since, OptionalLong origin, OptionalLong endedAt) {

        static Brief of(Row row) {
            return new Brief(row.channels(), row.scores(), row.since(), row.origin(), row.endedAt());
        }

        /// The first of the channels.
        long series() {
            return channels.getFirst();
        }
    }

    /// All of a detector in brief, by the first of their series.
    List<Brief> briefs(long detector) {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT channels, scores, since, origin, ended_at"
                            + " FROM watch WHERE detector = ? ORDER BY series")) {
                select.setLong(1, detector);
                List<Brief> briefs = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        briefs.add(new Brief(
                                channels(row),
                                row.getLong("scores"),
                                optional(row, "since"),
                                optional(row, "origin"),
                                optional(row, "ended_at")));
                    }
                }
                return briefs;
            }
        });
    }

    /// All of a detector, by the first of their series.
    List<Row> of(long detector) {
        return database.read(connection -> of(connection, detector));
    }

    List<Row> of(Connection connection, long detector) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT * FROM watch WHERE detector = ? ORDER BY series")) {
            select.setLong(1, detector);
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(read(row));
                }
            }
            return rows;
        }
    }

    /// One of a detector, by the first of its series.
    Optional<Row> find(long detector, long series) {
        return Optional.ofNullable(database.read(connection -> find(connection, detector, List.of(series)))
                .get(series));
    }

    /// Those of a detector that there are, by the first of their series.
    Map<Long, Row> find(Connection connection, long detector, Collection<Long> series) throws SQLException {
        Map<Long, Row> found = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM watch WHERE detector = ?"
                + " AND series IN " + database.dialect().idsIn())) {
            select.setLong(1, detector);
            select.setString(2, ids(series));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(row.getLong("series"), read(row));
                }
            }
        }
        return found;
    }

    /// How many a detector has.
    static int count(Connection connection, long detector) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT count(*) FROM watch WHERE detector = ?")) {
            select.setLong(1, detector);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /// Those series of scores among these that no detector uses.
    List<Long> unused(Collection<Long> scores) {
        return database.read(connection -> {
            List<Long> unused = new ArrayList<>(scores);
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT DISTINCT scores FROM watch WHERE scores IN "
                            + database.dialect().idsIn())) {
                select.setString(1, ids(scores));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        unused.remove(Long.valueOf(row.getLong(1)));
                    }
                }
            }
            return unused;
        });
    }

    private static String ids(Collection<Long> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }

    private Row read(ResultSet row) throws SQLException {
        byte[] scale = row.getBytes("scale");
        return new Row(
                channels(row),
                row.getLong("scores"),
                optional(row, "since"),
                optional(row, "origin"),
                row.getInt("version"),
                scale == null ? Optional.empty() : Optional.of(SeriesScale.ofJson(json, scale)),
                new Watch.State(row.getLong("counted"), row.getLong("last_row"), row.getInt("alarming") != 0),
                optional(row, "last_end"),
                optional(row, "ended_at"));
    }

    private static List<Long> channels(ResultSet row) throws SQLException {
        return Arrays.stream(row.getString("channels").split(",", -1))
                .map(Long::valueOf)
                .toList();
    }

    private static OptionalLong optional(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /// Keeps rows in place of those that were there.
    void save(Connection connection, long detector, Collection<Row> rows) throws SQLException {
        insert(
                connection,
                detector,
                rows,
                " ON CONFLICT (detector, series) DO UPDATE SET channels = excluded.channels, scores = excluded.scores,"
                        + " since = excluded.since, origin = excluded.origin, version = excluded.version,"
                        + " scale = excluded.scale, counted = excluded.counted, last_row = excluded.last_row,"
                        + " alarming = excluded.alarming, last_end = excluded.last_end, ended_at = excluded.ended_at");
    }

    /// Keeps rows that are not there yet; those that are stay.
    void add(Connection connection, long detector, Collection<Row> rows) throws SQLException {
        insert(connection, detector, rows, " ON CONFLICT (detector, series) DO NOTHING");
    }

    private void insert(Connection connection, long detector, Collection<Row> rows, String onConflict)
            throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement("INSERT INTO watch (detector, series,"
                + " channels, scores, since, origin, version, scale, counted, last_row, alarming, last_end, ended_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" + onConflict)) {
            for (Row row : rows) {
                upsert.setLong(1, detector);
                upsert.setLong(2, row.series());
                upsert.setString(3, row.channels().stream().map(String::valueOf).collect(Collectors.joining(",")));
                upsert.setLong(4, row.scores());
                set(upsert, 5, row.since());
                set(upsert, 6, row.origin());
                upsert.setInt(7, row.version());
                upsert.setBytes(8, row.scale().map(scale -> scale.toJson(json)).orElse(null));
                upsert.setLong(9, row.alarm().counted());
                upsert.setLong(10, row.alarm().lastRow());
                upsert.setInt(11, row.alarm().alarming() ? 1 : 0);
                set(upsert, 12, row.lastEnd());
                set(upsert, 13, row.endedAt());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    static void delete(Connection connection, long detector, long series) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM watch WHERE detector = ? AND series = ?")) {
            delete.setLong(1, detector);
            delete.setLong(2, series);
            delete.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, int index, OptionalLong value) throws SQLException {
        if (value.isPresent()) {
            statement.setLong(index, value.getAsLong());
        } else {
            statement.setNull(index, Types.BIGINT);
        }
    }
}
