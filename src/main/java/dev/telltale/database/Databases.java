package dev.telltale.database;

import java.nio.file.Path;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/// Databases as settings name them, for commands beside the service.
public final class Databases {

    private Databases() {}

    /// The database that a service of these settings works on, for a command that changes little: also while it works
    /// on
    /// it, and before the first one did.
    ///
    /// @throws StoreUnusable if it cannot be used
    public static Database forCommand(Environment settings) {
        Path directory = dataDirectory(settings);
        PostgresProperties server = server(settings);
        if (!server.areGiven()) {
            return SqliteDatabase.forCommand(directory);
        }
        DataDirectory beside = DataDirectory.beside(directory);
        return PostgresDatabase.open(
                beside, new FreeSpace(FreeSpace.Disk.of(beside.path()), FreeSpace.Bound.NONE), server);
    }

    /// Where a service of these settings keeps its files.
    public static Path dataDirectory(Environment settings) {
        return Path.of(settings.getProperty("telltale.data-dir", "./data"));
    }

    private static PostgresProperties server(Environment settings) {
        try {
            return Binder.get(settings).bindOrCreate("telltale.database", PostgresProperties.class);
        } catch (BindException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new DatabaseUnusable(
                    "The settings telltale.database.… cannot be used (" + cause.getMessage() + ").", "Correct them.");
        }
    }
}
