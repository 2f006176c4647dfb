package dev.telltale.database;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The PostgreSQL database that keeps all data, for one service or several. Without a `url` SQLite keeps it in the
/// data directory.
///
/// @param url such as `jdbc:postgresql://host:5432/telltale`, with options of the driver but without user and password
/// @param user of the database
/// @param passwordFile holds the password and nothing else but a line feed; read anew for each connection
/// @param pool most connections at once, from 6 to 200
@ConfigurationProperties(prefix = "telltale.database", ignoreUnknownFields = false)
record PostgresProperties(
        @DefaultValue("") String url,
        @DefaultValue("telltale") String user,
        @Nullable Path passwordFile,
        @DefaultValue("10") int pool) {

    private static final String PROTOCOL = "jdbc:postgresql:";
    /// Two ordered writes, one beside them, one sign of life, and two reads.
    private static final int SMALLEST_POOL = 6;

    private static final int LARGEST_POOL = 200;

    PostgresProperties {
        if (url.isEmpty() && passwordFile != null) {
            throw new IllegalArgumentException(
                    "telltale.database.password-file is given without telltale.database.url");
        }
        if (!url.isEmpty() && !url.startsWith(PROTOCOL)) {
            throw new IllegalArgumentException("telltale.database.url must begin with '" + PROTOCOL + "'");
        }
        if (url.matches(".*[?&](user|password|sslpassword)=.*")) {
            throw new IllegalArgumentException(
                    "telltale.database.url must not hold a user or password, which logs would"
                            + " show: telltale.database.user and telltale.database.password-file are for them");
        }
        if (user.isBlank()) {
            throw new IllegalArgumentException("telltale.database.user must not be blank");
        }
        if (pool < SMALLEST_POOL || pool > LARGEST_POOL) {
            throw new IllegalArgumentException("telltale.database.pool must be from %d to %d connections, was %d"
                    .formatted(SMALLEST_POOL, LARGEST_POOL, pool));
        }
    }

    /// Whether PostgreSQL is to be used.
    boolean areGiven() {
        return !url.isEmpty();
    }
}
