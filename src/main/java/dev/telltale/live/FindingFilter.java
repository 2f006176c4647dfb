package dev.telltale.live;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Which anomalies or incidents somebody asks for.
///
/// @param series an id, or a selector such as a bare name, of one of their series
/// @param start those that end before this time, epoch milliseconds UTC, are left out
/// @param end those that start after this time are left out
/// @param minScore those whose highest score is below are left out
/// @param open only those that are open, or only those that are over
record FindingFilter(
        Optional<String> series,
        Optional<DetectorName> detector,
        long start,
        long end,
        double minScore,
        Optional<Boolean> open) {

    static final FindingFilter ALL =
            new FindingFilter(Optional.empty(), Optional.empty(), Long.MIN_VALUE, Long.MAX_VALUE, 0, Optional.empty());

    /// What a statement over anomalies or incidents asks of its parameters 1 to 6.
    static final String CONDITION = "(?1 IS NULL OR detector = ?1) AND finish >= ?2 AND start <= ?3"
            + " AND peak_score >= ?4 AND (?5 IS NULL OR open = ?5)"
            + " AND (?6 IS NULL OR id IN (SELECT %s FROM %s WHERE series IN (SELECT value FROM json_each(?6))))";

    private static final JsonMapper JSON = new JsonMapper();

    /// Sets these parameters.
    ///
    /// @throws dev.telltale.problem.Problem if `series` is no selector
    void bind(Connection connection, PreparedStatement statement) throws SQLException {
        statement.setObject(1, detector.map(DetectorName::value).orElse(null));
        statement.setLong(2, start);
        statement.setLong(3, end);
        statement.setDouble(4, minScore);
        statement.setObject(5, open.orElse(null));
        String ids = null;
        if (series.isPresent()) {
            ids = JSON.writeValueAsString(FoundSeries.meant(connection, series.get()));
        }
        statement.setObject(6, ids);
    }
}
