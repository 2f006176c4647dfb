package dev.telltale.live;

import dev.telltale.http.HttpProblem;
import dev.telltale.problem.Excerpt;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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

    /// What a statement over anomalies or incidents asks of its parameters 1 to 6.
    static final String CONDITION = "(?1 IS NULL OR detector = ?1) AND finish >= ?2 AND start <= ?3"
            + " AND peak_score >= ?4 AND (?5 IS NULL OR open = ?5)"
            + " AND (?6 IS NULL OR id IN (SELECT %s FROM %s WHERE series IN (SELECT value FROM json_each(?6))))";

    private static final JsonMapper JSON = new JsonMapper();
    /// A number as in JSON; Java's own reader would take `1d` and `0x1p3` too.
    private static final Pattern SCORE = Pattern.compile("[0-9]{1,20}(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?");

    /// From query parameters.
    ///
    /// @throws dev.telltale.problem.Problem if one of them is not valid
    static FindingFilter of(
            @Nullable String series,
            @Nullable String detector,
            @Nullable Instant start,
            @Nullable Instant end,
            @Nullable String minScore,
            @Nullable Boolean open) {
        return new FindingFilter(
                Optional.ofNullable(series),
                Optional.ofNullable(detector).map(DetectorName::new),
                start == null ? Long.MIN_VALUE : start.toEpochMilli(),
                end == null ? Long.MAX_VALUE : end.toEpochMilli(),
                minScore == null ? 0 : score(minScore),
                Optional.ofNullable(open));
    }

    FindingFilter onlyOpen() {
        return new FindingFilter(series, detector, start, end, minScore, Optional.of(true));
    }

    /// Sets these parameters.
    ///
    /// @throws dev.telltale.problem.Problem if `series` is no selector
    void bind(Connection connection, PreparedStatement statement) throws SQLException {
        statement.setObject(1, detector.map(DetectorName::value).orElse(null));
        statement.setLong(2, start);
        statement.setLong(3, end);
        statement.setDouble(4, minScore);
        statement.setObject(5, open.orElse(null));
        @Nullable String ids = null;
        if (series.isPresent()) {
            ids = JSON.writeValueAsString(FoundSeries.meant(connection, series.get()));
        }
        statement.setObject(6, ids);
    }

    private static double score(String text) {
        double score = SCORE.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (!Double.isFinite(score)) {
            throw HttpProblem.INVALID_PARAMETER.because(
                    "minScore is a number such as 1.5, at least 0, was '%s'", Excerpt.of(text));
        }
        return score;
    }
}
