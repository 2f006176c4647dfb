package dev.telltale.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// The mark of a database into which an installation is being moved: a row of the table `counter`. It is set before the
/// first row comes, and goes in the transaction that brings all of them. Whoever finds it finds nothing of the
/// installation, and must not begin one of its own there.
public final class UnfinishedMove {

    private static final String NAME = "'move'";

    private UnfinishedMove() {}

    /// Marks the database, unless it is marked already.
    public static int mark(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(
                    "INSERT INTO counter (name, value) VALUES (" + NAME + ", 1) ON CONFLICT (name) DO NOTHING");
        }
    }

    /// Takes the mark away.
    public static int end(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("DELETE FROM counter WHERE name = " + NAME);
        }
    }

    /// @throws DatabaseUnusable if the database is marked
    static void refuse(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT 1 FROM counter WHERE name = " + NAME)) {
            if (row.next()) {
                throw new DatabaseUnusable(
                        "An installation is being moved into this database, or its move was cut short.",
                        "Wait for the end of the command 'move', or give it again: it begins anew. Or let"
                                + " telltale.database.url name another database.");
            }
        }
    }
}
