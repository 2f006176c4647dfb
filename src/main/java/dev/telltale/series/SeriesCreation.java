package dev.telltale.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Makes series, one of each identity, up to a limit. However many ask for one at once, one of them makes it
/// and the others find it.
final class SeriesCreation {

    private static final int LOCKS = 256;

    private final SeriesInserts inserts;
    private final SeriesRegistry registry;
    private final int mostSeries;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    SeriesCreation(SeriesInserts inserts, SeriesRegistry registry, int mostSeries) {
        this.inserts = inserts;
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
        return createMissing(keys, (present, stillMissing) -> {
            if (present + stillMissing.size() > mostSeries) {
                throw SeriesProblem.SERIES_LIMIT.because(
                        "there are %d series already, and %d more would be above the limit; delete some or raise telltale.store.series-limit",
                        present, stillMissing.size());
            }
            return stillMissing;
        });
    }

    private void createThatFit(List<SeriesKey> keys) {
        if (registry.count() < mostSeries) {
            createMissing(keys, (present, stillMissing) -> {
                int room = (int) Math.max(0, mostSeries - present);
                return stillMissing.subList(0, Math.min(room, stillMissing.size()));
            });
        }
    }

    private List<Series> createMissing(List<SeriesKey> keys, SeriesInserts.Room room) {
        List<SeriesKey> missing = missing(keys);
        List<ReentrantLock> held = missing.stream()
                .map(key -> Math.floorMod(key.hashCode(), LOCKS))
                .distinct()
                .sorted()
                .map(stripe -> locks[stripe])
                .toList();
        held.forEach(ReentrantLock::lock);
        try {
            List<SeriesKey> stillMissing = missing(missing);
            return stillMissing.isEmpty()
                    ? List.of()
                    : inserts.of(stillMissing, room).stream()
                            .map(made -> registry.add(made).series())
                            .toList();
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
}
