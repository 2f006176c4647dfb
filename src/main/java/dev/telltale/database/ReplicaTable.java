package dev.telltale.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The processes on one PostgreSQL database. Each says again and again that it lives; of whom nothing was heard for 20
/// seconds is taken for dead.
final class ReplicaTable implements Replicas {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaTable.class);
    private static final Duration BEAT = Duration.ofSeconds(5);

    private static final String LIVES = "seen > clock_timestamp() - interval '20 seconds'";
    private static final String SAY = "INSERT INTO replica (name, seen) VALUES (?, clock_timestamp())"
            + " ON CONFLICT (name) DO UPDATE SET seen = excluded.seen";
    private static final String FORGET =
            "DELETE FROM replica WHERE seen < clock_timestamp() - interval '1 hour' AND name <> ?";

    private final PostgresDatabase database;
    private final String self;
    private final Pulse beats;
    private volatile int count = 1;

    ReplicaTable(PostgresDatabase database, String name) {
        this.database = database;
        this.self = ReplicaName.unique(name);
        beat(); // others may look at once
        beats = new Pulse("replica", BEAT, this::beat);
    }

    @Override
    public String self() {
        return self;
    }

    @Override
    public boolean isAlive(Connection connection, String name) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT 1 FROM replica WHERE name = ? AND " + LIVES)) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    @Override
    public Set<String> alive(Connection connection) throws SQLException {
        Set<String> names = new HashSet<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT name FROM replica WHERE " + LIVES)) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    @Override
    public boolean areShared() {
        return true;
    }

    /// How many lived when this one said last that it does.
    int count() {
        return count;
    }

    @Override
    public void close() {
        beats.close();
        try {
            database.writeAlone(connection -> execute(connection, "DELETE FROM replica WHERE name = ?"));
        } catch (RuntimeException e) {
            LOG.info("Others will know in 20 seconds that this process has ended: {}", e.getMessage());
        }
    }

    private void beat() {
        count = database.writeSign(connection -> {
            execute(connection, SAY);
            execute(connection, FORGET);
            return alive(connection).size();
        });
    }

    private int execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, self);
            return statement.executeUpdate();
        }
    }
}
