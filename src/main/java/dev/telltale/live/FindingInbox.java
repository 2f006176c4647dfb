package dev.telltale.live;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// What detectors of all processes found and nobody has merged yet. Who watches writes here in the transaction that
/// stores its scores, and waits for no other; the rows of one detector and series come in the order of their ids, since
/// one process at a time watches it.
///
/// A row that cannot be merged is set aside under a name that no detector has. It keeps nobody from what comes
/// after it, and is kept.
final class FindingInbox {

    /// No name of a detector begins so.
    private static final String ASIDE = "!";
    private static final String READY = "detector NOT LIKE '" + ASIDE + "%'";
    private static final String COLUMNS = "SELECT id, detector, receivers, gap_ms, anomalies FROM finding_inbox WHERE ";

    /// By which it is seen that rows are to be merged: another value each time that it is asked for, while there are
    /// some, and none while there are none.
    static final String MARK =
            "(SELECT CAST(clock_timestamp() AS text) FROM finding_inbox WHERE " + READY + " LIMIT 1)";

    /// Of the texts of anomalies in one transaction, which others wait for: about a thousand anomalies.
    private static final int MOST_CHARACTERS = 500_000;
    /// Of rows that the driver holds at once: each may have the anomalies of many series.
    private static final int FETCHED = 10;

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};

    private FindingInbox() {}

    /// What a detector found in one turn.
    ///
    /// @param detector its name, with a mark where it is set aside
    /// @param receivers JSON array of names
    /// @param gap milliseconds within which anomalies belong together
    /// @param anomalies JSON
    record Row(long id, String detector, String receivers, long gap, String anomalies) {

        /// Whether it is set aside.
        boolean isAside() {
            return detector.startsWith(ASIDE);
        }

        DetectorName name() {
            return new DetectorName(isAside() ? detector.substring(ASIDE.length()) : detector);
        }

        Findings.Terms terms() {
            return new Findings.Terms(gap, JSON.readValue(receivers, NAMES));
        }

        /// @throws RuntimeException if they cannot be read
        List<Anomaly> found() {
            return KeptAnomaly.read(name(), anomalies);
        }
    }

    /// Some rows in their order.
    ///
    /// @param isAll whether there were no more then
    record Rows(List<Row> rows, boolean isAll) {}

    /// Adds what was found.
    static void put(Connection connection, List<String> receivers, Duration gap, List<Anomaly> changed)
            throws SQLException {
        Map<DetectorName, List<Anomaly>> byDetector = changed.stream()
                .collect(Collectors.groupingBy(Anomaly::detector, LinkedHashMap::new, Collectors.toList()));
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO finding_inbox (detector, receivers, gap_ms, anomalies) VALUES (?, ?, ?, ?)")) {
            for (Map.Entry<DetectorName, List<Anomaly>> one : byDetector.entrySet()) {
                insert.setString(1, one.getKey().value());
                insert.setString(2, JSON.writeValueAsString(receivers));
                insert.setLong(3, gap.toMillis());
                insert.setString(4, KeptAnomaly.write(one.getValue()));
                insert.executeUpdate();
            }
        }
    }

    /// Whether there is something to merge.
    static boolean hasRows(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT 1 FROM finding_inbox WHERE " + READY + " LIMIT 1");
                ResultSet row = select.executeQuery()) {
            return row.next();
        }
    }

    /// The first rows to be merged: at least one if there are any, and no more than others can wait for.
    static Rows first(Connection connection, int most) throws SQLException {
        List<Row> rows = new ArrayList<>();
        int characters = 0;
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + READY + " ORDER BY id LIMIT ?")) {
            select.setFetchSize(FETCHED);
            select.setInt(1, most);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(read(row));
                    characters += rows.getLast().anomalies().length();
                    if (characters > MOST_CHARACTERS) {
                        return new Rows(rows, false);
                    }
                }
            }
        }
        return new Rows(rows, rows.size() < most);
    }

    /// All rows of a detector that are to be merged.
    static List<Row> of(Connection connection, DetectorName detector) throws SQLException {
        return select(connection, "detector = ? ORDER BY id", detector.value());
    }

    /// All rows of a detector, those that are set aside included.
    static List<Row> allOf(Connection connection, DetectorName detector) throws SQLException {
        return select(connection, "detector IN (?, ?) ORDER BY id", detector.value(), ASIDE + detector.value());
    }

    /// Some rows that are set aside, with ids above one.
    static List<Row> aside(Connection connection, long afterId, int most) throws SQLException {
        return select(connection, "NOT (" + READY + ") AND id > ? ORDER BY id LIMIT ?", afterId, most);
    }

    /// The row of this id, if it is there still.
    static List<Row> byId(Connection connection, long id) throws SQLException {
        return select(connection, "id = ?", id);
    }

    static void delete(Connection connection, List<Row> rows) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM finding_inbox WHERE id = ?")) {
            for (Row row : rows) {
                delete.setLong(1, row.id());
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }

    static void setAside(Connection connection, long id) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE finding_inbox SET detector = '" + ASIDE + "' || detector WHERE id = ? AND " + READY)) {
            update.setLong(1, id);
            update.executeUpdate();
        }
    }

    /// How many rows wait, those that are set aside included.
    static long count(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT count(*) FROM finding_inbox");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static List<Row> select(Connection connection, String which, Object... values) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + which)) {
            for (int i = 0; i < values.length; i++) {
                select.setObject(i + 1, values[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(read(row));
                }
            }
        }
        return rows;
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4), row.getString(5));
    }
}
