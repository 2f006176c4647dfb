package dev.telltale.live;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Reads and writes incidents, many in one transaction.
final class IncidentRows implements AutoCloseable {

    static final String COLUMNS = "id, detector, open, start, finish, peak_time, peak_score, anomalies, series, weight,"
            + " gap_ms, receivers";

    /// Series that an incident lists.
    private static final int MOST_LISTED = 100;

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};
    private static final String COUNTED = " FROM anomaly WHERE incident = ? AND suppressed IS NULL";
    /// What a series of an anomaly weighs: its share of the score. Without shares all weigh the same.
    private static final String WEIGHT = "a.peak_score * coalesce(p.contribution, 1.0 /"
            + " (SELECT count(*) FROM anomaly_part WHERE anomaly = a.id))";

    private final Connection connection;
    private final FoundSeries series;
    private final PreparedStatement involve;
    private final PreparedStatement listed;

    IncidentRows(Connection connection, FoundSeries series) throws SQLException {
        this.connection = connection;
        this.series = series;
        involve =
                connection.prepareStatement("INSERT INTO incident_series (incident, series, peak_score, weight) VALUES"
                        + " (?, ?, ?, ?) ON CONFLICT (incident, series) DO UPDATE SET"
                        + " peak_score = CASE WHEN excluded.peak_score > incident_series.peak_score"
                        + " THEN excluded.peak_score ELSE incident_series.peak_score END,"
                        + " weight = CASE WHEN excluded.weight > incident_series.weight"
                        + " THEN excluded.weight ELSE incident_series.weight END");
        listed = connection.prepareStatement("SELECT series, peak_score, weight FROM incident_series WHERE incident = ?"
                + " ORDER BY peak_score DESC, weight DESC, series LIMIT " + MOST_LISTED);
    }

    Optional<IncidentRow> find(long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(selecting("id = ?"))) {
            select.setLong(1, id);
            return read(select).stream().findFirst();
        }
    }

    /// The open incidents of a detector, the newest first.
    List<IncidentRow> openOf(DetectorName detector) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(selecting("detector = ? AND open = 1 ORDER BY id DESC"))) {
            select.setString(1, detector.value());
            return read(select);
        }
    }

    /// The open incidents that nothing goes on in and that did not change for their gap.
    List<IncidentRow> quiet(long now) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(selecting("open = 1 AND changed + gap_ms <= ? AND NOT"
                        + " EXISTS (SELECT 1 FROM anomaly a WHERE a.incident = incident.id AND a.open = 1 AND a.suppressed IS"
                        + " NULL)"))) {
            select.setLong(1, now);
            return read(select);
        }
    }

    /// Adds one; its id is given anew.
    IncidentRow insert(IncidentRow row, long now) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO incident (detector, open, start,"
                + " finish, peak_time, peak_score, anomalies, series, weight, gap_ms, receivers, changed)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id")) {
            insert.setString(1, row.detector().value());
            bind(insert, 2, row, now);
            try (ResultSet id = insert.executeQuery()) {
                id.next();
                return row.withId(id.getLong(1));
            }
        }
    }

    void update(IncidentRow row, long now) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE incident SET open = ?, start = ?, finish = ?,"
                        + " peak_time = ?, peak_score = ?, anomalies = ?, series = ?, weight = ?, gap_ms = ?, receivers = ?,"
                        + " changed = ? WHERE id = ?")) {
            bind(update, 1, row, now);
            update.setLong(12, row.id());
            update.executeUpdate();
        }
    }

    /// Makes the change of an incident the latest news.
    ///
    /// @param number of the change, above all that were given before
    void tell(long id, long number) throws SQLException {
        try (PreparedStatement news = connection.prepareStatement("INSERT INTO incident_news (id, incident)"
                + " VALUES (?, ?) ON CONFLICT (incident) DO UPDATE SET id = excluded.id")) {
            news.setLong(1, number);
            news.setLong(2, id);
            news.executeUpdate();
        }
    }

    /// Has the series of an anomaly involved at least as much as it says.
    void involve(long id, Anomaly anomaly) throws SQLException {
        double score = anomaly.peak().score();
        for (Anomaly.Part part : anomaly.parts()) {
            OptionalDouble share = part.contribution();
            involve.setLong(1, id);
            involve.setLong(2, part.series().id());
            involve.setDouble(3, score);
            involve.setDouble(4, score * share.orElse(1.0 / anomaly.parts().size()));
            involve.executeUpdate();
        }
    }

    /// The same with its series counted and weighed anew.
    IncidentRow weighed(IncidentRow row) throws SQLException {
        try (PreparedStatement sums = connection.prepareStatement(
                "SELECT count(*), coalesce(sum(weight), 0) FROM incident_series WHERE incident = ?")) {
            sums.setLong(1, row.id());
            try (ResultSet sum = sums.executeQuery()) {
                sum.next();
                return row.withSeries(sum.getInt(1), sum.getDouble(2));
            }
        }
    }

    /// The same made anew of the anomalies that count now. Without any it is closed as it stood.
    IncidentRow rebuilt(IncidentRow row) throws SQLException {
        try (PreparedStatement sums = connection.prepareStatement(
                "SELECT count(*), min(start), max(finish), max(open), max(peak_score)" + COUNTED)) {
            sums.setLong(1, row.id());
            try (ResultSet sum = sums.executeQuery()) {
                sum.next();
                int count = sum.getInt(1);
                if (count == 0) {
                    return row.withAnomalies(0, false, row.extent());
                }
                double peak = sum.getDouble(5);
                Extent extent = new Extent(sum.getLong(2), sum.getLong(3), timeOf(row.id(), peak), peak);
                boolean goesOn = row.open() || sum.getBoolean(4);
                involveAnew(row.id());
                return weighed(row.withAnomalies(count, goesOn, extent));
            }
        }
    }

    /// An incident as others see it.
    Incident incident(IncidentRow row) throws SQLException {
        List<Incident.Involved> involved = new ArrayList<>();
        listed.setLong(1, row.id());
        try (ResultSet one = listed.executeQuery()) {
            while (one.next()) {
                double share = row.weight() > 0 ? Math.min(1, one.getDouble(3) / row.weight()) : 0;
                involved.add(new Incident.Involved(series.get(one.getLong(1)), one.getDouble(2), share));
            }
        }
        return new Incident(
                row.id(),
                row.detector(),
                row.open(),
                row.extent().start(),
                row.extent().end(),
                row.extent().peakTime(),
                row.extent().peakScore(),
                involved,
                row.series(),
                row.anomalies(),
                row.receivers());
    }

    /// The rows that a statement over `COLUMNS` finds.
    static List<IncidentRow> read(PreparedStatement select) throws SQLException {
        List<IncidentRow> rows = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                rows.add(new IncidentRow(
                        row.getLong(1),
                        new DetectorName(row.getString(2)),
                        row.getBoolean(3),
                        new Extent(row.getLong(4), row.getLong(5), row.getLong(6), row.getDouble(7)),
                        row.getInt(8),
                        row.getInt(9),
                        row.getDouble(10),
                        row.getLong(11),
                        JSON.readValue(row.getString(12), NAMES)));
            }
        }
        return rows;
    }

    @Override
    public void close() throws SQLException {
        try (involve) {
            listed.close();
        }
    }

    private long timeOf(long id, double peak) throws SQLException {
        try (PreparedStatement time = connection.prepareStatement(
                "SELECT peak_time" + COUNTED + " AND peak_score = ? ORDER BY peak_time LIMIT 1")) {
            time.setLong(1, id);
            time.setDouble(2, peak);
            try (ResultSet row = time.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void involveAnew(long id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM incident_series WHERE incident = ?");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO incident_series (incident, series,"
                        + " peak_score, weight) SELECT a.incident, p.series, max(a.peak_score), max(" + WEIGHT
                        + ") FROM anomaly a"
                        + " JOIN anomaly_part p ON p.anomaly = a.id WHERE a.incident = ? AND a.suppressed IS NULL GROUP"
                        + " BY a.incident, p.series")) {
            delete.setLong(1, id);
            delete.executeUpdate();
            insert.setLong(1, id);
            insert.executeUpdate();
        }
    }

    private static String selecting(String which) {
        return "SELECT " + COLUMNS + " FROM incident WHERE " + which;
    }

    private static void bind(PreparedStatement statement, int first, IncidentRow row, long now) throws SQLException {
        statement.setInt(first, row.open() ? 1 : 0);
        statement.setLong(first + 1, row.extent().start());
        statement.setLong(first + 2, row.extent().end());
        statement.setLong(first + 3, row.extent().peakTime());
        statement.setDouble(first + 4, row.extent().peakScore());
        statement.setInt(first + 5, row.anomalies());
        statement.setInt(first + 6, row.series());
        statement.setDouble(first + 7, row.weight());
        statement.setLong(first + 8, row.gap());
        statement.setString(first + 9, JSON.writeValueAsString(row.receivers()));
        statement.setLong(first + 10, now);
    }
}
