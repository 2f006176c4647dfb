package dev.telltale.series;

import dev.telltale.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// New series of a process that has its database for itself: the registry knows all others.
record LocalInserts(Database database, SeriesRegistry registry) implements SeriesInserts {

    @Override
    public List<StoredSeries> of(List<SeriesKey> keys, Room room) {
        List<SeriesKey> wanted = room.of(registry.count(), keys);
        if (wanted.isEmpty()) {
            return List.of();
        }
        return database.write(connection -> {
            List<StoredSeries> made = new ArrayList<>();
            for (SeriesKey key : wanted) {
                long id = SeriesTable.insert(connection, key);
                made.add(new StoredSeries(new Series(id, key, Optional.empty(), Optional.empty())));
            }
            return made;
        });
    }
}
