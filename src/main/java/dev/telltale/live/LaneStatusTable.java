package dev.telltale.live;

import dev.telltale.database.Database;
import dev.telltale.http.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the owners of partitions say of their work, in a database that several processes share. An owner says it again
/// every ten seconds: what is older than thirty is of one that has gone, and is not told.
final class LaneStatusTable {

    private final Database database;
    private final Json json;

    LaneStatusTable(Database database, Json json) {
        this.database = database;
        this.json = json;
    }

    /// Of what a status is.
    record Place(long detector, int partition) {}

    /// Series that have no score yet, and why.
    record Waiting(Map<Long, Integer> warming, Set<Long> loading) {}

    /// Those of a detector, by partition.
    Map<Integer, LaneStatus> of(long detector) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT partition, pending, lag_ms,"
                    + " failure, missing FROM lane_status WHERE detector = ?"
                    + " AND at > clock_timestamp() - interval '30 seconds'")) {
                select.setLong(1, detector);
                Map<Integer, LaneStatus> statuses = new HashMap<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        statuses.put(row.getInt("partition"), read(row));
                    }
                }
                return statuses;
            }
        });
    }

    private LaneStatus read(ResultSet row) throws SQLException {
        Waiting waiting = waiting(row.getString("missing"));
        return new LaneStatus(
                row.getInt("pending"),
                row.getLong("lag_ms"),
                Optional.ofNullable(row.getString("failure")),
                waiting.warming(),
                waiting.loading());
    }

    private Waiting waiting(@Nullable String text) {
        return text == null
                ? new Waiting(Map.of(), Set.of())
                : json.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), Waiting.class);
    }

    /// Keeps statuses in place of those that were there; of detectors that are deleted none.
    void save(Connection connection, Map<Place, LaneStatus> statuses) throws SQLException {
        if (statuses.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement(
                "INSERT INTO lane_status (detector, partition,"
                        + " pending, lag_ms, failure, missing, at)"
                        + " SELECT id, CAST(? AS smallint), ?, ?, ?, ?, clock_timestamp()"
                        + " FROM detector WHERE id = ?"
                        + " ON CONFLICT (detector, partition) DO UPDATE SET pending = excluded.pending,"
                        + " lag_ms = excluded.lag_ms, failure = excluded.failure, missing = excluded.missing, at = excluded.at")) {
            for (Map.Entry<Place, LaneStatus> one : statuses.entrySet()) {
                LaneStatus status = one.getValue();
                upsert.setInt(1, one.getKey().partition());
                upsert.setLong(2, status.pending());
                upsert.setLong(3, status.lagMillis());
                upsert.setString(4, status.failure().orElse(null));
                upsert.setString(5, text(status));
                upsert.setLong(6, one.getKey().detector());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    private @Nullable String text(LaneStatus status) {
        return status.warming().isEmpty() && status.loading().isEmpty()
                ? null
                : new String(json.write(new Waiting(status.warming(), status.loading())), StandardCharsets.UTF_8);
    }

    /// Says that some statuses are as new as can be.
    static void touch(Connection connection, Collection<Place> places) throws SQLException {
        each(connection, "UPDATE lane_status SET at = clock_timestamp() WHERE detector = ? AND partition = ?", places);
    }

    static void delete(Connection connection, Collection<Place> places) throws SQLException {
        each(connection, "DELETE FROM lane_status WHERE detector = ? AND partition = ?", places);
    }

    private static void each(Connection connection, String sql, Collection<Place> places) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Place place : places) {
                statement.setLong(1, place.detector());
                statement.setInt(2, place.partition());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
