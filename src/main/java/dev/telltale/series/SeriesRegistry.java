package dev.telltale.series;

import dev.telltale.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// All series of the store in memory, found by id, by identity and by name. Whoever hears of a series adds it, and
/// whoever hears of its end removes it, in whatever order these come.
final class SeriesRegistry {

    private final ConcurrentNavigableMap<Long, StoredSeries> byId = new ConcurrentSkipListMap<>();
    private final Map<SeriesKey, StoredSeries> byKey = new ConcurrentHashMap<>();
    private final Map<String, ConcurrentSkipListMap<Long, StoredSeries>> byName = new ConcurrentHashMap<>();
    private final Set<Long> ended = new HashSet<>(); // ids above `read`; guarded by this
    private long read; // up to this id the table has told which series there are; guarded by this
    private volatile int count; // changed by who holds this

    /// All series of the database, their heads empty.
    static SeriesRegistry of(Database database) {
        SeriesRegistry registry = new SeriesRegistry();
        database.read(registry::catchUp);
        return registry;
    }

    /// Adds the series that were made since it was asked last. Ids become visible in their order, so those are the
    /// higher ones.
    ///
    /// @return how many it has read
    int catchUp(Connection connection) throws SQLException {
        List<StoredSeries> made = SeriesTable.after(connection, highestRead());
        took(made);
        return made.size();
    }

    /// Adds a series, unless it is known.
    ///
    /// @return the one that is known now; it is marked as deleted where that was heard before
    synchronized StoredSeries add(StoredSeries stored) {
        StoredSeries present = byId.get(stored.id());
        if (present != null) {
            return present;
        }
        if (ended.contains(stored.id())) {
            stored.delete();
            return stored;
        }
        SeriesKey key = stored.series().key();
        byId.put(stored.id(), stored);
        // One of this identity that is deleted by now may be heard of later than the one after it.
        byKey.merge(key, stored, (one, other) -> one.id() > other.id() ? one : other);
        byName.compute(key.name(), (name, others) -> {
            ConcurrentSkipListMap<Long, StoredSeries> same = others == null ? new ConcurrentSkipListMap<>() : others;
            same.put(stored.id(), stored);
            return same;
        });
        count++;
        return stored;
    }

    /// Removes a series that was deleted, also where it is not known yet.
    ///
    /// @return the one that was known
    synchronized Optional<StoredSeries> remove(long id) {
        if (id > read) {
            ended.add(id);
        }
        StoredSeries stored = byId.remove(id);
        if (stored == null) {
            return Optional.empty();
        }
        stored.delete();
        SeriesKey key = stored.series().key();
        byKey.remove(key, stored); // there may be another one of this identity by now
        byName.computeIfPresent(key.name(), (name, same) -> {
            same.remove(id);
            return same.isEmpty() ? null : same;
        });
        count--;
        return Optional.of(stored);
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
        return count;
    }

    private synchronized long highestRead() {
        return read;
    }

    /// What another look has decided meanwhile stays so: this one may be the older.
    private synchronized void took(List<StoredSeries> made) {
        for (StoredSeries stored : made) {
            if (stored.id() > read) {
                add(stored);
            }
        }
        if (!made.isEmpty()) {
            read = Math.max(read, made.getLast().id());
            ended.removeIf(id -> id <= read);
        }
    }
}
