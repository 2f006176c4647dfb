package dev.telltale.series;

import dev.telltale.database.Database;
import java.util.Collection;
import java.util.Map;

/// What the database tells of series that other processes made and deleted.
record SharedNews(Database database, SeriesRegistry registry) implements SeriesNews {

    @Override
    public void catchUp() {
        database.read(registry::catchUp);
    }

    @Override
    public Map<Long, GoneSeries> gone(Collection<Long> ids) {
        return ids.isEmpty() ? Map.of() : database.read(connection -> SharedSeriesTable.gone(connection, ids));
    }
}
