package dev.telltale.live;

import dev.telltale.series.Labels;
import dev.telltale.series.Selector;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Series as they were when something was found in them, for the time of one transaction: each is read or
/// written once, however many findings name it.
final class FoundSeries implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, String>> MAP = new TypeReference<>() {};
    private static final String COLUMNS = "id, name, labels, unit, interval_ms";

    private final PreparedStatement select;
    private final PreparedStatement insert;
    private final Map<Long, Series> known = new HashMap<>();

    FoundSeries(Connection connection) throws SQLException {
        select = connection.prepareStatement("SELECT " + COLUMNS + " FROM found_series WHERE id = ?");
        insert = connection.prepareStatement(
                "INSERT INTO found_series (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING");
    }

    /// Keeps a series, unless it is kept already.
    void keep(Series series) throws SQLException {
        if (known.containsKey(series.id()) || read(series.id()).isPresent()) {
            return;
        }
        insert.setLong(1, series.id());
        insert.setString(2, series.name());
        insert.setString(3, JSON.writeValueAsString(series.labels().values()));
        insert.setObject(4, series.unit().orElse(null));
        insert.setObject(5, series.interval().map(Duration::toMillis).orElse(null));
        insert.executeUpdate();
        known.put(series.id(), series);
    }

    /// One that is kept.
    Series get(long id) throws SQLException {
        Series series = known.get(id);
        return series != null
                ? series
                : read(id).orElseThrow(() -> new IllegalStateException("series " + id + " of a finding is not kept"));
    }

    /// Ids of the series that a filter means.
    ///
    /// @param reference an id, or a selector such as a bare name
    /// @throws dev.telltale.problem.Problem if it is neither
    static List<Long> meant(Connection connection, String reference) throws SQLException {
        if (!reference.isEmpty() && reference.chars().allMatch(letter -> letter >= '0' && letter <= '9')) {
            return id(reference).map(List::of).orElse(List.of());
        }
        Selector selector = Selector.parse(reference);
        // No name holds NUL, which some databases do not take in a text.
        Optional<String> name = selector.name().filter(text -> text.indexOf('\0') < 0);
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement candidates = connection.prepareStatement("SELECT " + COLUMNS + " FROM found_series"
                + (name.isPresent() ? " WHERE name = ?" : "") + " ORDER BY id")) {
            if (name.isPresent()) {
                candidates.setString(1, name.get());
            }
            try (ResultSet row = candidates.executeQuery()) {
                while (row.next()) {
                    Series series = series(row);
                    if (selector.matches(series.key())) {
                        ids.add(series.id());
                    }
                }
            }
        }
        return ids;
    }

    @Override
    public void close() throws SQLException {
        try (select) {
            insert.close();
        }
    }

    private Optional<Series> read(long id) throws SQLException {
        select.setLong(1, id);
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            Series series = series(row);
            known.put(id, series);
            return Optional.of(series);
        }
    }

    private static Series series(ResultSet row) throws SQLException {
        SeriesKey key = new SeriesKey(row.getString(2), Labels.of(JSON.readValue(row.getString(3), MAP)));
        long millis = row.getLong(5);
        Optional<Duration> interval = row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
        return new Series(row.getLong(1), key, Optional.ofNullable(row.getString(4)), interval);
    }

    private static Optional<Long> id(String digits) {
        try {
            return Optional.of(Long.parseLong(digits));
        } catch (NumberFormatException largerThanAny) {
            return Optional.empty();
        }
    }
}
