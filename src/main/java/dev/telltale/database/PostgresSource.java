package dev.telltale.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PSQLState;

/// New connections to the server, each with the password that the file holds then: one that is changed while the
/// service runs is taken without a restart.
final class PostgresSource extends PGSimpleDataSource {

    private static final long serialVersionUID = 1;

    private static final int CONNECT_SECONDS = 5;
    /// With the end of the line.
    private static final int LONGEST_PASSWORD = 4096;

    private final transient @Nullable Path passwordFile;

    /// @param patience how long an answer may take, zero for ever; an option of the url counts more
    PostgresSource(PostgresProperties properties, Duration patience) {
        this.passwordFile = properties.passwordFile();
        Properties given = Driver.parseURL(properties.url(), null);
        if (given == null) {
            throw new DatabaseUnusable(
                    "The address of the database is not understood.",
                    "Write telltale.database.url as jdbc:postgresql://host:port/database, with host, port and options as"
                            + " the server's users write them.");
        }
        // What is set before the url stays so.
        setUser(properties.user());
        if (isOpen(given, PGProperty.APPLICATION_NAME)) {
            setApplicationName("telltale");
        }
        if (isOpen(given, PGProperty.CONNECT_TIMEOUT)) {
            setConnectTimeout(CONNECT_SECONDS);
        }
        if (isOpen(given, PGProperty.SOCKET_TIMEOUT)) {
            setSocketTimeout(Math.toIntExact(patience.toSeconds()));
        }
        if (isOpen(given, PGProperty.TCP_KEEP_ALIVE)) {
            setTcpKeepAlive(true);
        }
        setUrl(properties.url());
        setReWriteBatchedInserts(false); // with it nobody would hear which rows of a batch were inserted
    }

    @Override
    public Connection getConnection() throws SQLException {
        return getConnection(getUser(), password());
    }

    private static boolean isOpen(Properties given, PGProperty property) {
        return given.getProperty(property.getName()) == null;
    }

    private @Nullable String password() throws SQLException {
        if (passwordFile == null) {
            return null;
        }
        try {
            if (Files.size(passwordFile) > LONGEST_PASSWORD) {
                throw new IOException("it is longer than a password may be");
            }
            return Files.readString(passwordFile).stripTrailing();
        } catch (IOException e) {
            throw new SQLException(
                    "the file " + passwordFile + " of telltale.database.password-file cannot be read (" + e + ")",
                    PSQLState.INVALID_PASSWORD.getState(),
                    e);
        }
    }
}
