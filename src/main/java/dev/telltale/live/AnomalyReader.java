package dev.telltale.live;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// Reads anomalies with the series they are of.
final class AnomalyReader {

    private static final String SELECT = "SELECT a.id, CASE WHEN a.suppressed IS NULL THEN a.incident END, a.detector,"
            + " a.kind, a.start, a.finish, a.open, a.peak_time, a.peak_score, a.peak_value, a.peak_expected,"
            + " a.suppressed, a.verdict, a.note, a.given, p.series, p.contribution"
            + " FROM (SELECT * FROM anomaly WHERE %s) a JOIN anomaly_part p ON p.anomaly = a.id"
            + " ORDER BY a.id DESC, p.place";

    private AnomalyReader() {}

    static Optional<JudgedAnomaly> find(Connection connection, long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT.formatted("id = ?"))) {
            select.setLong(1, id);
            return read(connection, select).stream().findFirst();
        }
    }

    static List<JudgedAnomaly> openOf(Connection connection, DetectorName detector) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT.formatted("detector = ? AND open = 1"))) {
            select.setString(1, detector.value());
            return read(connection, select);
        }
    }

    /// Those of a detector that somebody called false alarms, the newest first.
    static List<JudgedAnomaly> falseAlarmsOf(Connection connection, DetectorName detector, int limit)
            throws SQLException {
        String latest = "detector = ? AND verdict = 0 ORDER BY id DESC LIMIT ?";
        try (PreparedStatement select = connection.prepareStatement(SELECT.formatted(latest))) {
            select.setString(1, detector.value());
            select.setInt(2, limit);
            return read(connection, select);
        }
    }

    /// Those that a filter lets pass, the newest first.
    ///
    /// @param incident only of this one, if given
    /// @param beforeId only with ids below this one
    static List<JudgedAnomaly> newest(
            Connection connection, FindingFilter filter, Optional<Long> incident, long beforeId, int limit)
            throws SQLException {
        Condition asked = filter.ofAnomalies(connection);
        if (incident.isPresent()) {
            asked = asked.then("AND incident = ? AND suppressed IS NULL", incident.get());
        }
        Condition page = asked.then("AND id < ? ORDER BY id DESC LIMIT ?", beforeId, limit);
        try (PreparedStatement select = connection.prepareStatement(SELECT.formatted(page.sql()))) {
            page.bind(select);
            return read(connection, select);
        }
    }

    private static List<JudgedAnomaly> read(Connection connection, PreparedStatement select) throws SQLException {
        List<JudgedAnomaly> found = new ArrayList<>();
        try (FoundSeries series = new FoundSeries(connection);
                ResultSet row = select.executeQuery()) {
            boolean more = row.next();
            while (more) {
                JudgedAnomaly bare = withoutParts(row);
                List<Anomaly.Part> parts = new ArrayList<>();
                while (more && row.getLong(1) == bare.anomaly().id()) {
                    parts.add(new Anomaly.Part(series.get(row.getLong(16)), number(row, 17)));
                    more = row.next();
                }
                found.add(bare.with(parts));
            }
        }
        return found;
    }

    private static JudgedAnomaly withoutParts(ResultSet row) throws SQLException {
        Optional<Feedback> feedback = feedback(row);
        Anomaly.Peak peak = new Anomaly.Peak(row.getLong(8), row.getDouble(9), number(row, 10), number(row, 11));
        Anomaly anomaly = new Anomaly(
                row.getLong(1),
                whole(row, 2),
                new DetectorName(row.getString(3)),
                Anomaly.Kind.valueOf(row.getString(4).toUpperCase(Locale.ROOT).replace('-', '_')),
                List.of(),
                row.getLong(5),
                row.getLong(6),
                row.getBoolean(7),
                peak,
                AnomalyRows.suppression(row.getString(12)),
                feedback.map(Feedback::wasOne));
        return new JudgedAnomaly(anomaly, feedback);
    }

    private static Optional<Feedback> feedback(ResultSet row) throws SQLException {
        boolean wasOne = row.getBoolean(13);
        return row.wasNull()
                ? Optional.empty()
                : Optional.of(new Feedback(wasOne, Optional.ofNullable(row.getString(14)), row.getLong(15)));
    }

    private static Optional<Long> whole(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(number);
    }

    private static OptionalDouble number(ResultSet row, int column) throws SQLException {
        double number = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(number);
    }
}
