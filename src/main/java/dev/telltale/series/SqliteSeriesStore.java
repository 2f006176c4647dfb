package dev.telltale.series;

import dev.telltale.database.Database;

/// Series in the embedded database of one process, with a journal of its own in front of the chunks.
final class SqliteSeriesStore extends ChunkedSeriesStore {

    private SqliteSeriesStore(Database database, Limits limits, Patience patience) {
        super(database, limits, patience, new Opening() {
            @Override
            public SeriesInserts inserts(SeriesRegistry registry) {
                return new LocalInserts(database, registry);
            }

            @Override
            public SeriesNews news(SeriesRegistry registry) {
                return () -> {};
            }

            @Override
            public SampleLog log(SeriesRegistry registry, HeadMemory memory) {
                return new LocalJournal(database, registry, memory);
            }
        });
    }

    /// The store on this database, with the journal read back into memory.
    static SqliteSeriesStore open(Database database, Limits limits) {
        return open(database, limits, Patience.OF_SENDERS);
    }

    static SqliteSeriesStore open(Database database, Limits limits, Patience patience) {
        return new SqliteSeriesStore(database, limits, patience);
    }
}
