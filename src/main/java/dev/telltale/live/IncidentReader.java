package dev.telltale.live;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads incidents with their series.
final class IncidentReader {

    private static final String SELECT = "SELECT " + IncidentRows.COLUMNS + " FROM incident WHERE ";
    private static final String PAGE =
            FindingFilter.CONDITION.formatted("incident", "incident_series") + " AND id < ?7 ORDER BY id DESC LIMIT ?8";

    private IncidentReader() {}

    static Optional<Incident> find(Connection connection, long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + "id = ?")) {
            select.setLong(1, id);
            return read(connection, select).stream().findFirst();
        }
    }

    /// Those that a filter lets pass, the newest first.
    ///
    /// @param beforeId only with ids below this one
    static List<Incident> newest(Connection connection, FindingFilter filter, long beforeId, int limit)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + PAGE)) {
            filter.bind(connection, select);
            select.setLong(7, beforeId);
            select.setInt(8, limit);
            return read(connection, select);
        }
    }

    static boolean hasQuiet(Connection connection, long now) throws SQLException {
        try (FoundSeries series = new FoundSeries(connection);
                IncidentRows rows = new IncidentRows(connection, series)) {
            return !rows.quiet(now).isEmpty();
        }
    }

    static long countOpen(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT count(*) FROM incident WHERE open = 1");
                ResultSet row = select.executeQuery()) {
            return row.getLong(1);
        }
    }

    private static List<Incident> read(Connection connection, PreparedStatement select) throws SQLException {
        try (FoundSeries series = new FoundSeries(connection);
                IncidentRows rows = new IncidentRows(connection, series)) {
            List<Incident> incidents = new ArrayList<>();
            for (IncidentRow row : IncidentRows.read(select)) {
                incidents.add(rows.incident(row));
            }
            return incidents;
        }
    }
}
