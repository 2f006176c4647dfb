package dev.telltale.database;

import dev.telltale.SharedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.postgresql.PostgreSQLContainer;

/// A new, empty PostgreSQL database for a test. All of them lie on one server, unless a test asks for one of its own.
public final class Postgres {

    private static final String ADMIN = "postgres";
    private static final String USER = "telltale";
    private static final String PASSWORD = "not a # plain word";
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final SharedServer<Server> SHARED =
            new SharedServer<>("PostgreSQL", "postgres:18", Postgres::container, Postgres::process);

    private final Server server;
    private final String name;

    /// @param authority such as `127.0.0.1:5432`
    /// @param password of the user `postgres`
    private record Server(String authority, String password) {}

    private Postgres(Server server, String name) {
        this.server = server;
        this.name = name;
    }

    /// A database of the shared server.
    public static Postgres fresh() {
        return on(SHARED.get());
    }

    /// A database of a server of its own, which syncs to disk as those of operators do. It ends with this process.
    public static Postgres durable(Path directory) {
        return on(new EmbeddedServer(directory, true));
    }

    /// A database of this server.
    static Postgres on(EmbeddedServer server) {
        return on(authority(server));
    }

    /// Its address.
    public String url() {
        return "jdbc:postgresql://" + server.authority() + "/" + name;
    }

    /// Who owns it.
    public String user() {
        return USER;
    }

    /// The file of the password of its owner, written to a directory.
    public Path passwordFile(Path directory) {
        return ownersPasswordFile(directory);
    }

    static Path ownersPasswordFile(Path directory) {
        return passwordFile(directory, PASSWORD);
    }

    /// A file of another password.
    static Path passwordFile(Path directory, String password) {
        try {
            return Files.writeString(directory.resolve("password"), password + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a service needs to use it.
    PostgresProperties properties(Path directory) {
        return new PostgresProperties(url(), USER, passwordFile(directory), 8);
    }

    /// Opens it as one more process would.
    ///
    /// @param directory for the files of that process
    public Database open(DataDirectory directory) {
        return PostgresDatabase.open(
                directory,
                new FreeSpace(FreeSpace.Disk.of(directory.path()), FreeSpace.Bound.NONE),
                properties(directory.path()));
    }

    /// Does something in it as the user `postgres`, who may do everything.
    public void administer(String sql) throws SQLException {
        try (Connection connection = admin();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// What the user `postgres` sees: the first column of the only row.
    public long number(String sql) throws SQLException {
        try (Connection connection = admin();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /// A connection of the user `postgres`.
    public Connection admin() throws SQLException {
        return DriverManager.getConnection(url(), ADMIN, server.password());
    }

    /// Cuts all connections to it but those of the user `postgres`.
    public void cutConnections() throws SQLException {
        administer(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND usename = '"
                        + USER + "'");
    }

    /// The name of the database.
    String name() {
        return name;
    }

    private static Postgres on(Server server) {
        String name = "test" + COUNT.incrementAndGet();
        Postgres all = new Postgres(server, ADMIN);
        try (Connection connection = all.admin();
                Statement statement = connection.createStatement()) {
            statement.execute("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '" + USER
                    + "') THEN CREATE ROLE " + USER + " LOGIN PASSWORD '" + PASSWORD + "'; END IF; END $$");
            statement.execute("CREATE DATABASE " + name + " OWNER " + USER);
            return new Postgres(server, name);
        } catch (SQLException e) {
            throw new IllegalStateException("no database could be made for a test", e);
        }
    }

    private static Server container(String image) {
        PostgreSQLContainer container = new PostgreSQLContainer(image)
                .withUsername(ADMIN)
                .withPassword(PASSWORD)
                .withCommand("postgres", "-c", "max_connections=300");
        container.start();
        return new Server(container.getHost() + ":" + container.getFirstMappedPort(), PASSWORD);
    }

    private static Server process(Path directory) {
        return authority(new EmbeddedServer(directory, false));
    }

    private static Server authority(EmbeddedServer server) {
        return new Server(server.url("").replaceAll("jdbc:postgresql://|/", ""), "");
    }
}
