package dev.telltale.series;

import dev.telltale.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Partitions that a test gives to a process and takes from it, with the rows by which others know the owner. A process
/// of which another takes one goes on as if it had slept, until it is told.
public final class HandedPartitions implements Partitions {

    private final Database database;
    private final String self;
    private final Map<Integer, Long> owned = new ConcurrentHashMap<>(); // by partition its epoch
    private final Map<Integer, Long> epochs = new ConcurrentHashMap<>();
    private final List<PartitionListener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable PartitionTails tails;

    public HandedPartitions(Database database, String self) {
        this.database = database;
        this.self = self;
    }

    /// Names the store, before anything is taken.
    public void serve(SeriesStore store) {
        tails = ((PostgresSeriesStore) store).tails();
    }

    /// Comes to own a partition, whoever owns it.
    public synchronized void take(int partition) {
        long epoch = database.writeAlone(connection -> {
            PartitionTable.lockOwner(connection, partition, Duration.ofSeconds(10));
            return PartitionTable.own(connection, partition, self);
        });
        tails().begin(partition);
        epochs.put(partition, epoch);
        owned.put(partition, epoch);
        listeners.forEach(listener -> listener.gained(partition));
        tails().open(partition);
    }

    /// Ends what is done for a partition, as if its lost time was noticed now.
    public synchronized void lose(int partition) {
        owned.remove(partition);
        tails().end(partition);
        listeners.forEach(listener -> listener.losing(partition));
    }

    /// Gives a partition up in good order.
    public synchronized void give(int partition) {
        tails().end(partition);
        listeners.forEach(listener -> listener.losing(partition));
        owned.remove(partition);
    }

    private PartitionTails tails() {
        return Objects.requireNonNull(tails, "no store is named");
    }

    @Override
    public boolean owns(int partition) {
        return owned.containsKey(partition);
    }

    @Override
    public long epoch(int partition) {
        return epochs.getOrDefault(partition, 0L);
    }

    @Override
    public void require(Connection connection, int partition, long epoch) throws SQLException {
        if (!PartitionTable.keepOwner(connection, partition, self, epoch)) {
            throw new PartitionLost(partition);
        }
    }

    @Override
    public void listen(PartitionListener listener) {
        listeners.add(listener);
    }
}
