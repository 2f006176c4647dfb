package dev.telltale.database;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Processes on one PostgreSQL database, as far as it can tell: each has connections and a directory of its own.
public final class Processes implements AutoCloseable {

    private final Postgres postgres = Postgres.fresh();
    private final Path directory;
    private final List<DataDirectory> directories = new ArrayList<>();
    private final List<Database> databases = new ArrayList<>();

    /// @param directory for theirs
    public Processes(Path directory) {
        this.directory = directory;
    }

    /// The database, as its owner sees it.
    public Postgres postgres() {
        return postgres;
    }

    /// One more process.
    public Database start() {
        DataDirectory held = DataDirectory.open(directory.resolve("process-" + directories.size()));
        directories.add(held);
        Database database = postgres.open(held);
        databases.add(database);
        return database;
    }

    /// A database that another process of a test has made.
    public static Database open(String url, String user, DataDirectory directory) {
        return PostgresDatabase.open(
                directory,
                new FreeSpace(FreeSpace.Disk.of(directory.path()), FreeSpace.Bound.NONE),
                new PostgresProperties(url, user, Postgres.ownersPasswordFile(directory.path()), 6));
    }

    /// The same, for who needs to know its kind.
    PostgresDatabase startOne() {
        return (PostgresDatabase) start();
    }

    @Override
    public void close() {
        databases.reversed().forEach(Database::close);
        directories.forEach(DataDirectory::close);
    }
}
