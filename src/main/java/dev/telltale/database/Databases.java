package dev.telltale.database;

import java.nio.file.Path;
import org.springframework.core.env.Environment;

/// Databases as settings name them, for commands beside the service.
public final class Databases {

    private Databases() {}

    /// The database that a service of these settings works on, for a command that changes little: also while it works
    /// on it, and before the first one did.
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

    /// The database in a data directory that is held, with its tables brought up to date, to be moved.
    ///
    /// @throws StoreUnusable if it cannot be used
    public static Database toMove(DataDirectory held) {
        return SqliteDatabase.open(held);
    }

    /// Whether a directory holds a database.
    public static boolean isThere(Path dataDirectory) {
        return SqliteDatabase.isThere(dataDirectory);
    }

    /// The shared database of these settings for an installation that moves there, its tables made; also if an earlier
    /// move was cut short.
    ///
    /// @param directory for files of this process
    /// @throws StoreUnusable if it cannot be used
    public static Database forMove(Environment settings, DataDirectory directory) {
        return PostgresDatabase.openForMove(
                directory, new FreeSpace(FreeSpace.Disk.of(directory.path()), FreeSpace.Bound.NONE), server(settings));
    }

    /// Where a service of these settings keeps its files.
    public static Path dataDirectory(Environment settings) {
        return Path.of(settings.getProperty("telltale.data-dir", "./data"));
    }

    private static PostgresProperties server(Environment settings) {
        return CommandSettings.bind(settings, "telltale.database", PostgresProperties.class);
    }
}
