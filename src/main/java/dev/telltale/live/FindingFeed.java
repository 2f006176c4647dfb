package dev.telltale.live;

import dev.telltale.database.Database;
import dev.telltale.http.Json;
import dev.telltale.live.FindingViews.AnomalyView;
import dev.telltale.live.FindingViews.IncidentView;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Incidents and anomalies as they change, for who passes them on. What changes fast is seen as it stands in the end.
public final class FindingFeed {

    private static final FindingFilter ALL = FindingFilter.of(null, null, null, null, null, null);

    private final Database database;
    private final FindingStore store;
    private final Json json;

    FindingFeed(Database database, FindingStore store, Json json) {
        this.database = database;
        this.store = store;
        this.json = json;
    }

    /// An incident or anomaly as it is now.
    ///
    /// @param json as a GET of it answers
    @SuppressWarnings("ArrayRecordComponent") // handed on at once
    public record Finding(long id, byte[] json) {}

    /// Some of the incidents that changed.
    ///
    /// @param place after their changes
    /// @param isAll whether there were no more then
    public record Incidents(List<Finding> changed, long place, boolean isAll) {

        public Incidents {
            changed = List.copyOf(changed);
        }
    }

    /// Incidents that changed after a place, in the order of their last changes.
    ///
    /// @param place 0, or that of those before
    public Incidents incidentsAfter(long place, int limit) {
        IncidentReader.News news = store.newsAfter(place, ALL, limit);
        List<Finding> changed = news.changes().stream()
                .map(change -> new Finding(change.incident().id(), json.write(IncidentView.of(change.incident()))))
                .toList();
        return new Incidents(changed, news.lastId(), news.isAll());
    }

    /// Anomalies that may go on, and those that are over and changed at a time or later: by id when they changed last,
    /// epoch milliseconds as the clock of who changed them told it.
    public Map<Long, Long> anomaliesSince(long time) {
        return database.read(connection -> {
            Map<Long, Long> changes = new LinkedHashMap<>();
            add(connection, "open = 0 AND changed >= " + time, changes);
            add(connection, "open = 1", changes);
            return changes;
        });
    }

    /// Those of these ids that there still are.
    public List<Finding> anomalies(List<Long> ids) {
        List<Finding> found = new ArrayList<>();
        for (long id : ids) {
            Optional<JudgedAnomaly> one = store.find(id);
            one.ifPresent(anomaly -> found.add(new Finding(id, json.write(AnomalyView.of(anomaly)))));
        }
        return found;
    }

    private static void add(Connection connection, String which, Map<Long, Long> changes) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT id, changed FROM anomaly WHERE " + which + " ORDER BY id");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                changes.put(row.getLong(1), row.getLong(2));
            }
        }
    }
}
