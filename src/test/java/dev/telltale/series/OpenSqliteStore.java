package dev.telltale.series;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import java.nio.file.Path;

/// A store in a data directory.
record OpenSqliteStore(DataDirectory held, SqliteDatabase database, SqliteSeriesStore store) implements OpenStore {

    /// Opens such stores.
    interface Opening extends OpenStore.Opening {

        @Override
        default OpenSqliteStore open(Path place, ChunkedSeriesStore.Limits limits) {
            DataDirectory held = DataDirectory.open(place);
            SqliteDatabase database = SqliteDatabase.open(held);
            try {
                return new OpenSqliteStore(held, database, SqliteSeriesStore.open(database, limits));
            } catch (RuntimeException failure) {
                database.close();
                held.close();
                throw failure;
            }
        }
    }

    @Override
    public void close() {
        store.close();
        database.close();
        held.close();
    }
}
