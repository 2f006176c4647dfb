package dev.telltale.series;

import dev.telltale.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Makes series, one of each identity, up to a limit. However many ask for one at once, one of them makes it
/// and the others find it.
final class SeriesCreation {

    private static final int LOCKS = 256;

    private final Database database;
    private final SeriesRegistry registry;
    private final int mostSeries;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    SeriesCreation(Database database, SeriesRegistry registry, int mostSeries) {
        this.database = database;
        this.registry = registry;
        this.mostSeries = mostSeries;
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /// The series of these identities in their order. Those that are missing are made together.
    ///
    /// @param made is told of those that this call made
    /// @throws dev.telltale.problem.Problem if the limit is reached; none was made then
    List<Series> findOrCreate(List<SeriesKey> keys, Consumer<Series> made) {
        createMissing(keys).forEach(made);
        return keys.stream()
                .map(key -> find(key)
                        .orElseThrow(() ->
                                SeriesProblem.SERIES_NOT_FOUND.because("the series '%s' was deleted meanwhile", key)))
                .toList();
    }

    /// The same, with the first of the missing ones as far as there is room.
    ///
    /// @return empty where the limit is reached
    List<Optional<Series>> findOrCreateThatFit(List<SeriesKey> keys) {
        List<Optional<Series>> series = new ArrayList<>(keys.size());
        List<SeriesKey> missing = new ArrayList<>();
        for (SeriesKey key : keys) {
            Optional<Series> found = find(key);
            series.add(found);
            if (found.isEmpty()) {
                missing.add(key);
            }
        }
        if (missing.isEmpty()) {
            return series;
        }
        createThatFit(missing);
        return keys.stream().map(this::find).toList();
    }

    /// Makes those that are not there, together.
    ///
    /// @return the series that this call made
    /// @throws dev.telltale.problem.Problem if the limit is reached; none was made then
    List<Series> createMissing(List<SeriesKey> keys) {
        return createMissing(keys, stillMissing -> {
            if (registry.count() + stillMissing.size() > mostSeries) {
                throw SeriesProblem.SERIES_LIMIT.because(
                        "there are %d series already, and %d more would be above the limit; delete some or raise telltale.store.series-limit",
                        registry.count(), stillMissing.size());
            }
            return stillMissing;
        });
    }

    private void createThatFit(List<SeriesKey> keys) {
        if (registry.count() < mostSeries) {
            createMissing(keys, stillMissing -> {
                int room = Math.max(0, mostSeries - registry.count());
                return stillMissing.subList(0, Math.min(room, stillMissing.size()));
            });
        }
    }

    private List<Series> createMissing(List<SeriesKey> keys, UnaryOperator<List<SeriesKey>> room) {
        List<SeriesKey> missing = missing(keys);
        List<ReentrantLock> held = missing.stream()
                .map(key -> Math.floorMod(key.hashCode(), LOCKS))
                .distinct()
                .sorted()
                .map(stripe -> locks[stripe])
                .toList();
        held.forEach(ReentrantLock::lock);
        try {
            List<SeriesKey> wanted = room.apply(missing(missing));
            return wanted.isEmpty() ? List.of() : insert(wanted);
        } finally {
            held.forEach(ReentrantLock::unlock);
        }
    }

    private Optional<Series> find(SeriesKey key) {
        return registry.find(key).map(StoredSeries::series);
    }

    private List<SeriesKey> missing(List<SeriesKey> keys) {
        return keys.stream()
                .filter(key -> registry.find(key).isEmpty())
                .distinct()
                .toList();
    }

    private List<Series> insert(List<SeriesKey> keys) {
        List<Long> ids = database.write(connection -> {
            List<Long> inserted = new ArrayList<>();
            for (SeriesKey key : keys) {
                inserted.add(SeriesTable.insert(connection, key));
            }
            return inserted;
        });
        List<Series> made = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            Series series = new Series(ids.get(i), keys.get(i), Optional.empty(), Optional.empty());
            registry.add(new StoredSeries(series));
            made.add(series);
        }
        return made;
    }
}
