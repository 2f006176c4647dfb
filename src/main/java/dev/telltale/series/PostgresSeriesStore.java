package dev.telltale.series;

import dev.telltale.database.Database;

/// Series in a PostgreSQL database that other processes work on too, with a log for each of its partitions.
final class PostgresSeriesStore extends ChunkedSeriesStore {

    private PostgresSeriesStore(
            Database database, Limits limits, Patience patience, FrameGroup group, Partitions partitions) {
        super(database, limits, patience, new Opening() {
            @Override
            public SeriesInserts inserts(SeriesRegistry registry) {
                return new SharedInserts(database, registry, group);
            }

            @Override
            public SeriesNews news(SeriesRegistry registry) {
                return () -> database.read(registry::catchUp);
            }

            @Override
            public SampleLog log(SeriesRegistry registry, HeadMemory memory) {
                return new PartitionLog(database, registry, memory, partitions, group.partitions(), patience);
            }
        });
    }

    /// The store on this database.
    ///
    /// @param group which series lie together, in as many partitions as at the first start
    /// @param partitions those that this process owns
    /// @throws dev.telltale.database.DatabaseUnusable if there is another number of partitions
    static PostgresSeriesStore open(Database database, Limits limits, FrameGroup group, Partitions partitions) {
        return open(database, limits, Patience.OF_SENDERS, group, partitions);
    }

    static PostgresSeriesStore open(
            Database database, Limits limits, Patience patience, FrameGroup group, Partitions partitions) {
        database.write(connection -> PartitionTable.prepare(connection, group.partitions()));
        return new PostgresSeriesStore(database, limits, patience, group, partitions);
    }
}
