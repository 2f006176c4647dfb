package dev.telltale.live;

import dev.telltale.problem.Problem;
import dev.telltale.series.PartitionListener;
import dev.telltale.series.PartitionLost;
import dev.telltale.series.Partitions;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Which series this process scores: those whose partition it owns.
final class Homes {

    private final SeriesStore store;
    private final Partitions partitions;
    /// Those that this process is about to give up, or has given up.
    private final Set<Integer> left = ConcurrentHashMap.newKeySet();

    Homes(SeriesStore store, Partitions partitions) {
        this.store = store;
        this.partitions = partitions;
    }

    /// Tells from now on which partitions come and go. Who is told says here when he has heard it.
    void listen(PartitionListener listener) {
        partitions.listen(listener);
    }

    void gained(int partition) {
        left.remove(partition);
    }

    void losing(int partition) {
        left.add(partition);
    }

    /// Where series lie that are judged together; empty if another process scores them, or they are deleted.
    ///
    /// @param first of them
    Optional<Home> of(Series first) {
        try {
            return of(store.partition(first.id()));
        } catch (Problem deleted) {
            return Optional.empty();
        }
    }

    /// The partition, as far as this process owns it.
    Optional<Home> of(int partition) {
        return partitions.owns(partition) && !left.contains(partition)
                ? Optional.of(new Home(partition, partitions.epoch(partition)))
                : Optional.empty();
    }

    /// Whether the samples of series come to this process.
    boolean holds(Collection<Series> series) {
        return series.stream().allMatch(one -> of(one).isPresent());
    }

    /// Requires in a transaction that this process scores the series of these partitions until it ends.
    ///
    /// @throws HomeLost if it does not; the transaction must not be committed
    void require(Connection connection, Collection<Home> homes) throws SQLException {
        List<Home> ascending = homes.stream().distinct().sorted(Home.ORDER).toList();
        for (Home home : ascending) {
            try {
                partitions.require(connection, home.partition(), home.epoch());
            } catch (PartitionLost lost) {
                throw new HomeLost(home, lost);
            }
        }
    }
}
