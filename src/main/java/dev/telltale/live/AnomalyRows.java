package dev.telltale.live;

import dev.telltale.http.EnumWords;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Writes anomalies, many in one transaction.
final class AnomalyRows implements AutoCloseable {

    private static final int TRUE = 1;
    private static final int FALSE = 0;

    private final Connection connection;
    private final FoundSeries series;
    private final PreparedStatement find;
    private final PreparedStatement insert;
    private final PreparedStatement update;
    private final PreparedStatement keepPart;
    private final long now;

    /// @param now epoch milliseconds of this machine's clock
    AnomalyRows(Connection connection, FoundSeries series, long now) throws SQLException {
        this.connection = connection;
        this.series = series;
        this.now = now;
        find = connection.prepareStatement(
                "SELECT incident, suppressed, verdict, peak_score FROM anomaly WHERE id = ?");
        insert =
                connection.prepareStatement("INSERT INTO anomaly (incident, start, finish, open, peak_time, peak_score,"
                        + " peak_value, peak_expected, suppressed, changed, id, detector, kind)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        update = connection.prepareStatement("UPDATE anomaly SET incident = ?, start = ?, finish = ?, open = ?,"
                + " peak_time = ?, peak_score = ?, peak_value = ?, peak_expected = ?, suppressed = ?, changed = ?"
                + " WHERE id = ?");
        keepPart = connection.prepareStatement(
                "INSERT INTO anomaly_part (anomaly, place, series, contribution)"
                        + " VALUES (?, ?, ?, ?) ON CONFLICT (anomaly, place) DO UPDATE SET contribution = excluded.contribution");
    }

    /// What is stored of an anomaly that whoever watches does not know.
    ///
    /// @param incident to which it belongs, or did before it was suppressed
    /// @param wasOne what somebody said of it
    record Stored(
            Optional<Long> incident,
            Optional<Anomaly.Suppression> suppressed,
            Optional<Boolean> wasOne,
            double peakScore) {

        /// The anomaly as its detector gives it now, with what is known here alone: what was called a false alarm
        /// stays one.
        Anomaly judged(Anomaly given) {
            boolean isFalseAlarm = wasOne.isPresent() && !wasOne.get();
            return new Anomaly(
                    given.id(),
                    incident,
                    given.detector(),
                    given.kind(),
                    given.parts(),
                    given.start(),
                    given.end(),
                    given.open(),
                    given.peak(),
                    isFalseAlarm
                            ? given.suppressed().or(() -> Optional.of(Anomaly.Suppression.FEEDBACK))
                            : given.suppressed(),
                    wasOne);
        }

        /// Whether its incident counts it.
        boolean counts() {
            return incident.isPresent() && suppressed.isEmpty();
        }
    }

    Optional<Stored> find(long id) throws SQLException {
        find.setLong(1, id);
        try (ResultSet row = find.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            long incident = row.getLong(1);
            Optional<Long> known = row.wasNull() ? Optional.empty() : Optional.of(incident);
            Optional<Anomaly.Suppression> suppressed = suppression(row.getString(2));
            int verdict = row.getInt(3);
            Optional<Boolean> wasOne = row.wasNull() ? Optional.empty() : Optional.of(verdict == TRUE);
            return Optional.of(new Stored(known, suppressed, wasOne, row.getDouble(4)));
        }
    }

    /// Stores an anomaly with the incident that it names.
    ///
    /// @param before what was stored of it until now
    void write(Anomaly anomaly, Optional<Stored> before) throws SQLException {
        PreparedStatement statement = before.isPresent() ? update : insert;
        statement.setObject(1, anomaly.incident().orElse(null));
        statement.setLong(2, anomaly.start());
        statement.setLong(3, anomaly.end());
        statement.setInt(4, anomaly.open() ? TRUE : FALSE);
        statement.setLong(5, anomaly.peak().time());
        statement.setDouble(6, anomaly.peak().score());
        set(statement, 7, anomaly.peak().value());
        set(statement, 8, anomaly.peak().expected());
        statement.setObject(9, anomaly.suppressed().map(EnumWords::of).orElse(null));
        statement.setLong(10, now);
        statement.setLong(11, anomaly.id());
        if (before.isEmpty()) {
            statement.setString(12, anomaly.detector().value());
            statement.setString(13, EnumWords.of(anomaly.kind()));
        }
        statement.executeUpdate();
        boolean sharesChanged = anomaly.parts().size() > 1
                && before.filter(row -> row.peakScore() == anomaly.peak().score())
                        .isEmpty();
        if (before.isEmpty() || sharesChanged) {
            keepParts(anomaly);
        }
    }

    /// Stores what somebody said of an anomaly. A false alarm is suppressed; what was called one and is none comes
    /// back to where it belonged. What began suppressed stays so: nobody was told of it.
    void judge(long id, Feedback feedback) throws SQLException {
        try (PreparedStatement judge = connection.prepareStatement(
                "UPDATE anomaly SET verdict = ?, note = ?, given = ?,"
                        + " changed = ?, suppressed = CASE WHEN ? = 0 THEN coalesce(suppressed, 'feedback')"
                        + " WHEN suppressed = 'feedback' AND incident IS NOT NULL THEN NULL ELSE suppressed END WHERE id = ?")) {
            int verdict = feedback.wasOne() ? TRUE : FALSE;
            judge.setInt(1, verdict);
            judge.setObject(2, feedback.note().orElse(null));
            judge.setLong(3, feedback.time());
            judge.setLong(4, now);
            judge.setInt(5, verdict);
            judge.setLong(6, id);
            judge.executeUpdate();
        }
    }

    void endAll(DetectorName detector) throws SQLException {
        try (PreparedStatement end = connection.prepareStatement(
                "UPDATE anomaly SET open = 0, changed = ? WHERE detector = ? AND open = 1")) {
            end.setLong(1, now);
            end.setString(2, detector.value());
            end.executeUpdate();
        }
    }

    @Override
    public void close() throws SQLException {
        try (find;
                insert;
                update) {
            keepPart.close();
        }
    }

    private void keepParts(Anomaly anomaly) throws SQLException {
        int place = 0;
        for (Anomaly.Part part : anomaly.parts()) {
            series.keep(part.series());
            keepPart.setLong(1, anomaly.id());
            keepPart.setInt(2, place++);
            keepPart.setLong(3, part.series().id());
            set(keepPart, 4, part.contribution());
            keepPart.executeUpdate();
        }
    }

    static Optional<Anomaly.Suppression> suppression(@Nullable String word) {
        return Optional.ofNullable(word).map(text -> Anomaly.Suppression.valueOf(text.toUpperCase(Locale.ROOT)));
    }

    private static void set(PreparedStatement statement, int place, OptionalDouble value) throws SQLException {
        if (value.isPresent()) {
            statement.setDouble(place, value.getAsDouble());
        } else {
            statement.setNull(place, Types.DOUBLE);
        }
    }
}
