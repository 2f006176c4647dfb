package dev.telltale.series;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Postgres;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A store in a PostgreSQL database.
record OpenPostgresStore(DataDirectory held, Database database, PostgresSeriesStore store) implements OpenStore {

    static final FrameGroup GROUP = new FrameGroup("instance", 4);

    private static final Map<Path, Postgres> SERVERS = new ConcurrentHashMap<>();

    /// Opens such stores: one database for each place.
    interface Opening extends OpenStore.Opening {

        @Override
        default OpenPostgresStore open(Path place, ChunkedSeriesStore.Limits limits) {
            return OpenPostgresStore.open(postgres(place), place, limits, Partitions.ALL);
        }
    }

    /// The database of a place.
    static Postgres postgres(Path place) {
        return SERVERS.computeIfAbsent(place, first -> Postgres.fresh());
    }

    /// Opens a database as one more process does.
    ///
    /// @param directory of that process
    static OpenPostgresStore open(
            Postgres postgres, Path directory, ChunkedSeriesStore.Limits limits, Partitions partitions) {
        DataDirectory held = DataDirectory.open(directory);
        try {
            Database database = postgres.open(held);
            try {
                return new OpenPostgresStore(
                        held, database, PostgresSeriesStore.open(database, limits, GROUP, partitions));
            } catch (RuntimeException failure) {
                database.close();
                throw failure;
            }
        } catch (RuntimeException failure) {
            held.close();
            throw failure;
        }
    }

    @Override
    public void close() {
        store.close();
        database.close();
        held.close();
    }
}
