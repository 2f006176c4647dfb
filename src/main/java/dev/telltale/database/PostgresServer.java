package dev.telltale.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.util.PSQLState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is asked of a database server before a service works with it. Each refusal names the setting to look at.
final class PostgresServer {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);

    /// The oldest that this was tried with.
    private static final int OLDEST = 15;

    private static final int VERSION_STEP = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PostgresProperties properties;

    PostgresServer(PostgresProperties properties) {
        this.properties = properties;
    }

    /// Looks whether the server can be used, and brings its tables up to date.
    ///
    /// @throws DatabaseUnusable if not
    void prepare() {
        PostgresSource source = new PostgresSource(properties, Duration.ZERO); // a migration may take long
        try {
            check(source);
        } catch (SQLException e) {
            throw unusable(e);
        }
        Migrations migrations = new Migrations(source, Dialect.POSTGRESQL);
        try {
            migrations.newerVersion().ifPresent(version -> {
                throw new DatabaseUnusable(
                        "The database was written by a newer version of Telltale: it has the tables of version "
                                + version + ".",
                        "Start that newer version, or give this one another database by telltale.database.url.");
            });
            migrations.run();
        } catch (FlywayException e) {
            LOG.debug("The tables could not be made", e);
            throw new DatabaseUnusable(
                    "The tables of the database cannot be brought up to date (" + cause(e) + ").",
                    "The user of telltale.database.user must own the database, or be allowed to make tables in it.");
        }
    }

    /// @throws DatabaseUnusable if an installation was not moved into it to the end
    void refuseUnfinishedMove() {
        try (Connection connection = new PostgresSource(properties, PATIENCE).getConnection()) {
            UnfinishedMove.refuse(connection);
        } catch (SQLException e) {
            throw unusable(e);
        }
    }

    /// @throws SQLException if the server cannot be reached or takes no writes
    static void requireWritable(PostgresSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            if (isReadOnly(connection)) {
                throw new SQLException("it is a standby, or set to read only", "25006");
            }
        }
    }

    private void check(PostgresSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            int version = Integer.parseInt(setting(connection, "server_version_num")) / VERSION_STEP;
            if (version < OLDEST) {
                throw new DatabaseUnusable(
                        "The database server is PostgreSQL " + version + ".",
                        "Let telltale.database.url name one of version " + OLDEST + " or newer.");
            }
            String encoding = setting(connection, "server_encoding");
            if (!encoding.equals("UTF8")) {
                throw new DatabaseUnusable(
                        "The database keeps texts as " + encoding + ".",
                        "Let telltale.database.url name one that was made with ENCODING 'UTF8'.");
            }
            if (isReadOnly(connection)) {
                throw new DatabaseUnusable(
                        "The database server takes no writes: it is a standby, or set to read only.",
                        "Let telltale.database.url name the primary, such as by two hosts and targetServerType=primary.");
            }
            for (String safety : new String[] {"fsync", "full_page_writes"}) {
                if (setting(connection, safety).equals("off")) {
                    LOG.warn(
                            "{} is off at the database server: what was acknowledged is lost when its machine fails",
                            safety);
                }
            }
        }
    }

    private static boolean isReadOnly(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW " + name)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private DatabaseUnusable unusable(SQLException error) {
        LOG.debug("The database server cannot be used", error);
        String state = String.valueOf(error.getSQLState());
        String cause = Migrations.firstLine(error);
        if (state.startsWith("28")) {
            return new DatabaseUnusable(
                    "The database server does not let the user '" + properties.user() + "' in (" + cause + ").",
                    "Correct telltale.database.user, or the password in the file that telltale.database.password-file"
                            + " names.");
        }
        if (state.equals(PSQLState.CONNECTION_REJECTED.getState()) && properties.passwordFile() == null) {
            return new DatabaseUnusable(
                    "The database server asks the user '" + properties.user() + "' for a password (" + cause + ").",
                    "Let telltale.database.password-file name a file that holds it.");
        }
        if (state.equals("3D000")) {
            return new DatabaseUnusable(
                    "The database server has no such database (" + cause + ").",
                    "Make it, or correct telltale.database.url.");
        }
        return new DatabaseUnusable(
                "The database server cannot be reached (" + cause + ").",
                "Look whether it runs, and whether telltale.database.url names its host and port.");
    }

    /// What the server said, where Flyway tells of its own steps.
    private static String cause(FlywayException failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest instanceof Exception exception ? Migrations.firstLine(exception) : Migrations.firstLine(failure);
    }
}
