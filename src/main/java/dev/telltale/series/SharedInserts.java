package dev.telltale.series;

import dev.telltale.database.Database;
import java.util.List;

/// New series where other processes make some too: one after the other, each knowing what the one before has made.
record SharedInserts(Database database, SeriesRegistry registry, FrameGroup group) implements SeriesInserts {

    @Override
    public List<StoredSeries> of(List<SeriesKey> keys, Room room) {
        return database.write(connection -> {
            registry.catchUp(connection);
            List<SeriesKey> missing =
                    keys.stream().filter(key -> registry.find(key).isEmpty()).toList();
            List<SeriesKey> wanted =
                    missing.isEmpty() ? missing : room.of(SharedSeriesTable.count(connection), missing);
            return wanted.isEmpty() ? List.of() : SharedSeriesTable.insert(connection, wanted, group);
        });
    }
}
