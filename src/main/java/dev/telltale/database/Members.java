package dev.telltale.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.TreeSet;

/// The processes that divide something among them, each of which says again and again that it takes part: a process
/// that lives but is about to begin, or to end, has no share in it. Who has not said so for a while is taken for dead.
/// All of that goes by the clock of the database, which is PostgreSQL.
public final class Members {

    private static final String UNTIL = "clock_timestamp() + ? * interval '1 millisecond'";
    private static final String STAY = "INSERT INTO lease (name, owner, token, until) VALUES (?, ?, 0, " + UNTIL + ")"
            + " ON CONFLICT (name) DO UPDATE SET until = excluded.until";
    private static final String PRESENT = "SELECT owner FROM lease WHERE name LIKE ? AND until > clock_timestamp()";
    private static final String FORGET =
            "DELETE FROM lease WHERE name LIKE ? AND until < clock_timestamp() - interval '1 hour'";

    private final String group;
    private final String self;
    private final Duration length;

    /// @param group what is divided, of letters
    /// @param self the name of this process, which no other has
    /// @param length how long a process takes part once it has said so
    public Members(String group, String self, Duration length) {
        this.group = group;
        this.self = self;
        this.length = length;
    }

    /// By which it is seen that others have begun to take part, or take part no more.
    public String mark() {
        return "(SELECT string_agg(owner, ' ' ORDER BY owner) FROM lease WHERE name LIKE '" + seats()
                + "' AND until > clock_timestamp())";
    }

    /// Says that this process takes part from now on.
    ///
    /// @return how many others are forgotten, of whom nothing was heard for long
    public int stay(Connection connection) throws SQLException {
        try (PreparedStatement stay = connection.prepareStatement(STAY);
                PreparedStatement forget = connection.prepareStatement(FORGET)) {
            stay.setString(1, seat());
            stay.setString(2, self);
            stay.setLong(3, length.toMillis());
            stay.executeUpdate();
            forget.setString(1, seats());
            return forget.executeUpdate();
        }
    }

    /// Those that take part as far as the next statement sees, by name.
    public NavigableSet<String> present(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(PRESENT)) {
            select.setString(1, seats());
            try (ResultSet row = select.executeQuery()) {
                NavigableSet<String> names = new TreeSet<>();
                while (row.next()) {
                    names.add(row.getString(1));
                }
                return names;
            }
        }
    }

    /// Says that this process takes part no more.
    ///
    /// @return 1, or 0 if that is known
    public int leave(Connection connection) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM lease WHERE name = ?")) {
            delete.setString(1, seat());
            return delete.executeUpdate();
        }
    }

    private String seat() {
        return group + '/' + self;
    }

    private String seats() {
        return group + "/%";
    }
}
