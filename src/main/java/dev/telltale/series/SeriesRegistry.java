package dev.telltale.series;

import dev.telltale.database.Database;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/// All series of the store in memory, found by id, by identity and by name.
final class SeriesRegistry {

    private final ConcurrentNavigableMap<Long, StoredSeries> byId = new ConcurrentSkipListMap<>();
    private final Map<SeriesKey, StoredSeries> byKey = new ConcurrentHashMap<>();
    private final Map<String, ConcurrentSkipListMap<Long, StoredSeries>> byName = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /// All series of the database, their heads empty.
    static SeriesRegistry of(Database database) {
        SeriesRegistry registry = new SeriesRegistry();
        database.read(connection -> SeriesTable.forEach(connection, registry::add));
        return registry;
    }

    void add(StoredSeries stored) {
        SeriesKey key = stored.series().key();
        byId.put(stored.id(), stored);
        byKey.put(key, stored);
        byName.compute(key.name(), (name, present) -> {
            ConcurrentSkipListMap<Long, StoredSeries> same = present == null ? new ConcurrentSkipListMap<>() : present;
            same.put(stored.id(), stored);
            return same;
        });
        count.incrementAndGet();
    }

    void remove(StoredSeries stored) {
        SeriesKey key = stored.series().key();
        byId.remove(stored.id());
        byKey.remove(key);
        byName.computeIfPresent(key.name(), (name, same) -> {
            same.remove(stored.id());
            return same.isEmpty() ? null : same;
        });
        count.decrementAndGet();
    }

    Optional<StoredSeries> find(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<StoredSeries> find(SeriesKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    List<Series> named(String name) {
        ConcurrentSkipListMap<Long, StoredSeries> same = byName.get(name);
        return same == null
                ? List.of()
                : same.values().stream().map(StoredSeries::series).toList();
    }

    List<Series> select(Selector selector, long afterId, int limit) {
        return byId.tailMap(afterId, false).values().stream()
                .map(StoredSeries::series)
                .filter(series -> selector.matches(series.key()))
                .limit(limit)
                .toList();
    }

    Collection<StoredSeries> all() {
        return byId.values();
    }

    int count() {
        return count.get();
    }
}
