package dev.telltale.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// A PostgreSQL server as a process of this machine. Its own user `postgres` needs no password, all others do.
final class EmbeddedServer implements AutoCloseable {

    private final Path directory;
    private final boolean isKept;
    private EmbeddedPostgres process;

    /// @param directory of its data, not there yet or empty
    /// @param isKept whether it may be started anew; else it is removed at the end, and syncs nothing to disk
    EmbeddedServer(Path directory, boolean isKept) {
        this.directory = directory;
        this.isKept = isKept;
        this.process = start(0);
        try (Connection connection = DriverManager.getConnection(url("postgres"), "postgres", "");
                Statement statement = connection.createStatement()) {
            Files.writeString(directory.resolve("pg_hba.conf"), """
                    host all postgres 127.0.0.1/32 trust
                    host all all 127.0.0.1/32 scram-sha-256
                    """);
            statement.execute("SELECT pg_reload_conf()");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + process.getPort() + "/" + database;
    }

    /// Ends the process; whoever is connected is cut off.
    void stop() {
        try {
            process.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts it again after `stop`, on the same port.
    void start() {
        process = start(process.getPort());
    }

    @Override
    public void close() {
        stop();
    }

    private EmbeddedPostgres start(int port) {
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(directory)
                    .setCleanDataDirectory(!isKept)
                    .setPort(port)
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("fsync", isKept ? "on" : "off")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
