package dev.telltale.series;

import dev.telltale.database.Postgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

class PostgresSharedSeriesStoreTest extends SharedSeriesStoreContract {

    private final Postgres postgres = Postgres.fresh();

    @Override
    OpenStore open(Path place, ChunkedSeriesStore.Limits limits) {
        return OpenPostgresStore.open(postgres, place, limits, Partitions.ALL);
    }

    @Override
    Connection admin() throws SQLException {
        return postgres.admin();
    }

    @Override
    void cutConnections() throws SQLException {
        postgres.cutConnections();
    }
}
