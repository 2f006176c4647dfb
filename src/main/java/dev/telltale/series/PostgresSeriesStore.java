package dev.telltale.series;

import dev.telltale.database.Database;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Series in a PostgreSQL database that other processes work on too, with a log for each of its partitions.
final class PostgresSeriesStore extends ChunkedSeriesStore {

    private final PartitionTails tails;

    private PostgresSeriesStore(Database database, Limits limits, Patience patience, Shared parts) {
        super(database, limits, patience, parts);
        tails = parts.tails();
    }

    /// What several processes share.
    private static final class Shared implements Opening {

        private final Database database;
        private final Patience patience;
        private final FrameGroup group;
        private final Partitions partitions;
        private @Nullable PartitionLog log;

        Shared(Database database, Patience patience, FrameGroup group, Partitions partitions) {
            this.database = database;
            this.patience = patience;
            this.group = group;
            this.partitions = partitions;
        }

        @Override
        public SeriesInserts inserts(SeriesRegistry registry) {
            return new SharedInserts(database, registry, group);
        }

        @Override
        public SeriesNews news(SeriesRegistry registry) {
            return new SharedNews(database, registry);
        }

        @Override
        public SampleLog log(SeriesRegistry registry, HeadMemory memory) {
            PartitionLog opened =
                    new PartitionLog(database, registry, memory, partitions, group.partitions(), patience);
            log = opened;
            return opened;
        }

        PartitionTails tails() {
            return Objects.requireNonNull(log, "the log is opened with the store");
        }
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
        return new PostgresSeriesStore(database, limits, patience, new Shared(database, patience, group, partitions));
    }

    /// What it does for partitions that this process comes to own.
    PartitionTails tails() {
        return tails;
    }
}
