package dev.telltale.series;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Postgres;

class PostgresExpiryTest extends ExpiryContract {

    @Override
    Database open(DataDirectory process) {
        Database database = Postgres.fresh().open(process);
        database.write(connection -> PartitionTable.prepare(connection, OpenPostgresStore.GROUP.partitions()));
        return database;
    }

    @Override
    SeriesInserts inserts(Database shared, SeriesRegistry registry) {
        return new SharedInserts(shared, registry, OpenPostgresStore.GROUP);
    }

    @Override
    SampleLog log(Database shared, SeriesRegistry registry, HeadMemory memory) {
        return new PartitionLog(
                shared, registry, memory, Partitions.ALL, OpenPostgresStore.GROUP.partitions(), Patience.OF_SENDERS);
    }
}
