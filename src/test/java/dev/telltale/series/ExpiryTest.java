package dev.telltale.series;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.SqliteDatabase;

class ExpiryTest extends ExpiryContract {

    @Override
    Database open(DataDirectory process) {
        return SqliteDatabase.open(process);
    }

    @Override
    SeriesInserts inserts(Database shared, SeriesRegistry registry) {
        return new LocalInserts(shared, registry);
    }

    @Override
    SampleLog log(Database shared, SeriesRegistry registry, HeadMemory memory) {
        return new LocalJournal(shared, registry, memory);
    }
}
