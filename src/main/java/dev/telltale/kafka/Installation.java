package dev.telltale.kafka;

import dev.telltale.database.Database;
import java.security.SecureRandom;
import java.sql.PreparedStatement;
import java.sql.ResultSet;

/// The number of this database, by which a record in a topic says to whose series its ids belong.
///
/// @param number random, more than 0
public record Installation(long number) {

    private static final String NAME = "installation"; // in the table of counters

    /// That of a database, given at the first call.
    static Installation of(Database database) {
        long random = new SecureRandom().nextLong() >>> 1 | 1;
        return new Installation(database.write(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                            "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING");
                    PreparedStatement select =
                            connection.prepareStatement("SELECT value FROM counter WHERE name = ?")) {
                insert.setString(1, NAME);
                insert.setLong(2, random);
                insert.executeUpdate();
                select.setString(1, NAME);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        }));
    }
}
