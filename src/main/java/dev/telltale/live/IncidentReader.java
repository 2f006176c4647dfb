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
    private static final String SELECT_NEWS = "SELECT news, id FROM incident JOIN (SELECT id AS news,"
            + " incident AS incident_of FROM incident_news) n ON incident_of = id WHERE ";

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
        Condition page = filter.ofIncidents(connection).then("AND id < ? ORDER BY id DESC LIMIT ?", beforeId, limit);
        try (PreparedStatement select = connection.prepareStatement(SELECT + page.sql())) {
            page.bind(select);
            return read(connection, select);
        }
    }

    /// A change of an incident, which stands as it is now.
    ///
    /// @param id of the change, ascending
    record Change(long id, Incident incident) {}

    /// A part of the news.
    ///
    /// @param lastId of the last change that was looked at, told or not
    /// @param largestId of all changes that there ever were
    /// @param isAll whether there were no more then
    record News(List<Change> changes, long lastId, long largestId, boolean isAll) {}

    /// The latest change of each incident that a filter lets pass, in the order in which they came.
    ///
    /// @param largest id of all changes that there were by now
    /// @param afterId only with ids above this one
    static News newsAfter(Connection connection, long largest, long afterId, FindingFilter filter, int limit)
            throws SQLException {
        Condition part = filter.ofIncidents(connection).then("AND news > ? ORDER BY news LIMIT ?", afterId, limit);
        List<Change> changes = new ArrayList<>();
        try (FoundSeries series = new FoundSeries(connection);
                IncidentRows rows = new IncidentRows(connection, series);
                PreparedStatement select = connection.prepareStatement(SELECT_NEWS + part.sql())) {
            part.bind(select);
            try (ResultSet news = select.executeQuery()) {
                while (news.next()) {
                    IncidentRow row = rows.find(news.getLong(2)).orElseThrow();
                    changes.add(new Change(news.getLong(1), rows.incident(row)));
                }
            }
        }
        boolean isAll = changes.size() < limit;
        return new News(changes, isAll ? largest : changes.getLast().id(), largest, isAll);
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
            row.next();
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
