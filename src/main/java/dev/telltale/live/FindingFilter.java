package dev.telltale.live;

import dev.telltale.http.HttpProblem;
import dev.telltale.problem.Excerpt;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

    /// What a statement over anomalies asks for.
    ///
    /// @throws dev.telltale.problem.Problem if `series` is no selector
    Condition ofAnomalies(Connection connection) throws SQLException {
        return condition(connection, "SELECT anomaly FROM anomaly_part");
    }

    /// What a statement over incidents asks for.
    ///
    /// @throws dev.telltale.problem.Problem if `series` is no selector
    Condition ofIncidents(Connection connection) throws SQLException {
        return condition(connection, "SELECT incident FROM incident_series");
    }

    /// @param ids gives those of anomalies or incidents from a table with one row for each of their series
    private Condition condition(Connection connection, String ids) throws SQLException {
        Condition condition =
                new Condition("finish >= ? AND start <= ? AND peak_score >= ?", List.<Object>of(start, end, minScore));
        if (detector.isPresent()) {
            condition = condition.then("AND detector = ?", detector.get().value());
        }
        if (open.isPresent()) {
            condition = condition.then("AND open = ?", open.get() ? 1 : 0);
        }
        if (series.isPresent()) {
            List<Long> meant = FoundSeries.meant(connection, series.get());
            condition = condition.then(
                    meant.isEmpty() ? "AND 1 = 0" : "AND id IN (" + ids + " WHERE " + among(meant) + ")");
        }
        return condition;
    }

    /// The ids stand in the text, for there may be more of them than a statement takes parameters.
    private static String among(List<Long> series) {
        return series.stream().map(String::valueOf).collect(Collectors.joining(", ", "series IN (", ")"));
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
