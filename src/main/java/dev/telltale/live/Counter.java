package dev.telltale.live;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// Numbers that ascend and are never given again, whatever is deleted meanwhile. They become visible in the order in
/// which they were taken: whoever takes one keeps the others of its kind waiting until its transaction ends.
enum Counter {
    ANOMALY("anomaly"),
    INCIDENT_NEWS("incident_news");

    private final String row;

    Counter(String row) {
        this.row = row;
    }

    /// Takes the next `count` numbers.
    ///
    /// @return the last of them
    long take(Connection connection, int count) throws SQLException {
        try (PreparedStatement take = connection.prepareStatement("INSERT INTO counter (name, value) VALUES (?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value")) {
            take.setString(1, row);
            take.setLong(2, count);
            try (ResultSet last = take.executeQuery()) {
                last.next();
                return last.getLong(1);
            }
        }
    }

    /// The last number that was taken, 0 if none was.
    long last(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM counter WHERE name = ?")) {
            select.setString(1, row);
            try (ResultSet last = select.executeQuery()) {
                return last.next() ? last.getLong(1) : 0;
            }
        }
    }
}
