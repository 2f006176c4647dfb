package dev.telltale.series;

import dev.telltale.database.Database;
import dev.telltale.database.Members;
import dev.telltale.database.Pulse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partitions that this process owns where several processes share a store. They are divided evenly: each process
/// keeps what it has up to its share, gives up what it has beyond that, and takes what nobody owns.
///
/// The row of a partition says who owns it, and that alone counts. Who takes a partition locks its row against all, so
/// it waits until each transaction has ended that relies on the owner before. Who relies on being the owner locks it
/// only against those (`require`), in any order and whatever else it holds: writers of samples are not in its way.
final class OwnedPartitions implements Partitions, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OwnedPartitions.class);
    private static final String GROUP = "partitions";

    /// How long things take.
    ///
    /// @param look pause between looks at who owns what, where nobody tells of a change
    /// @param length after so long without a sign a process is taken for dead
    /// @param margin so much earlier it stops by itself, since others count from another moment
    /// @param lock how long to wait at a time for transactions that rely on the owner before
    record Timing(Duration look, Duration length, Duration margin, Duration lock) {

        static final Timing USUAL =
                new Timing(Duration.ofSeconds(3), Duration.ofSeconds(20), Duration.ofSeconds(3), Duration.ofSeconds(2));

        private Duration watch() {
            return look.dividedBy(4);
        }
    }

    private final Database database;
    private final String self;
    private final Timing timing;
    private final LongSupplier nanos;
    private final Members members;
    private final List<PartitionListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<Integer, Long> owned = new ConcurrentSkipListMap<>(); // by partition its epoch
    private final Map<Integer, Long> epochs = new ConcurrentHashMap<>(); // the last that each had here
    /// Held by who changes what is owned, and tells of it.
    private final ReentrantLock changing = new ReentrantLock();

    private volatile long end; // by `nanos`, of the time for which others have heard of this process
    private volatile boolean closed;
    private @Nullable PartitionTails tails;
    private final List<Pulse> pulses = new ArrayList<>();
    private @Nullable Pulse looks; // from the start on

    /// @param self the name of this process, which no other has
    OwnedPartitions(Database database, String self) {
        this(database, self, Timing.USUAL, System::nanoTime);
    }

    /// @param nanos time as it passes, as `System.nanoTime`
    OwnedPartitions(Database database, String self, Timing timing, LongSupplier nanos) {
        this.nanos = nanos;
        this.end = nanos.getAsLong();
        this.database = database;
        this.self = self;
        this.timing = timing;
        this.members = new Members(GROUP, self, timing.length());
    }

    /// Takes its share, and looks after it from now on.
    ///
    /// @param store that reads the logs
    void start(PartitionTails store) {
        tails = store;
        tryOnce(this::stay);
        // Apart from each other: a look waits for listeners, and others must hear of this process meanwhile; and while
        // the database does not answer what is owned must end.
        pulses.add(new Pulse(GROUP + "-stay", timing.look(), this::stay));
        pulses.add(new Pulse(GROUP + "-watch", timing.watch(), this::watch));
        tryOnce(this::look);
        looks = new Pulse(GROUP, timing.look(), this::look);
        pulses.add(looks);
    }

    /// Looks who owns what as soon as others come, go or give something up.
    void followOthers() {
        if (looks != null) {
            database.follow(PartitionTable.OWNERS_MARK, looks);
            database.follow(members.mark(), looks);
        }
    }

    /// What fails now is done again in a moment.
    private static void tryOnce(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("Parts of the store cannot be taken now: {}", e.getMessage());
        }
    }

    @Override
    public boolean owns(int partition) {
        return owned.containsKey(partition) && !isOver();
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

    /// How many it owns.
    int count() {
        return isOver() ? 0 : owned.size();
    }

    /// Gives all up: others take them at their next look.
    @Override
    public void close() {
        closed = true;
        pulses.forEach(Pulse::close);
        // Ascending, as writers of samples lock them.
        SortedMap<Integer, Long> last = new TreeMap<>(owned);
        last.keySet().forEach(this::giveUp);
        try {
            database.writeAlone(connection -> {
                for (Map.Entry<Integer, Long> one : last.entrySet()) {
                    PartitionTable.release(connection, one.getKey(), self, one.getValue());
                }
                members.leave(connection);
                return true;
            });
        } catch (RuntimeException e) {
            LOG.info("Others take over the parts of the store in some seconds: {}", e.getMessage());
        }
    }

    /// What the database tells at one moment.
    private record View(NavigableSet<String> members, List<PartitionTable.Ownership> partitions) {}

    /// Says that this process lives.
    void stay() {
        long asked = nanos.getAsLong();
        database.writeSign(members::stay);
        if (isOver()) {
            loseAll(); // others may have owned it meanwhile
        }
        end = asked + timing.length().minus(timing.margin()).toNanos();
    }

    /// Finds out whether this process should own more or less.
    void look() {
        View view = database.read(
                connection -> new View(members.present(connection), PartitionTable.ownerships(connection)));
        view.partitions().forEach(this::loseIfAnothers);
        if (isOver() || !view.members().contains(self)) {
            return;
        }
        int share = PartitionShares.of(self, view.members(), view.partitions());
        giveUpBeyond(share, view);
        take(share, view);
    }

    /// Nobody may have heard of this process in time: then it owns nothing.
    void watch() {
        if (isOver()) {
            loseAll();
        }
    }

    private boolean isOver() {
        return nanos.getAsLong() - end >= 0;
    }

    private void loseIfAnothers(PartitionTable.Ownership row) {
        Long epoch = owned.get(row.partition());
        if (epoch != null && !(row.owner().equals(Optional.of(self)) && row.epoch() == epoch)) {
            LOG.warn(
                    "Partition {} was taken by {}", row.partition(), row.owner().orElse("nobody"));
            lose(row.partition());
        }
    }

    private void giveUpBeyond(int share, View view) {
        List<Integer> all = List.copyOf(owned.keySet());
        for (int partition : all.subList(Math.min(share, all.size()), all.size())) {
            giveUp(partition);
        }
        if (owned.size() >= share) {
            for (PartitionTable.Ownership row : view.partitions()) {
                if (row.owner().equals(Optional.of(self)) && !owned.containsKey(row.partition())) {
                    database.writeAlone(
                            connection -> PartitionTable.release(connection, row.partition(), self, row.epoch()));
                }
            }
        }
    }

    private void take(int share, View view) {
        RuntimeException failure = null;
        for (PartitionTable.Ownership row : PartitionShares.free(self, view.members(), view.partitions())) {
            if (closed || owned.size() >= share) {
                break;
            }
            if (!owned.containsKey(row.partition())) {
                try {
                    take(row.partition());
                } catch (RuntimeException e) { // or the others would stay free for this one
                    failure = e;
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void take(int partition) {
        OptionalLong epoch = database.writeAlone(connection -> {
            Optional<String> owner = PartitionTable.lockOwner(connection, partition, timing.lock());
            boolean isFree = owner.isEmpty()
                    || owner.get().equals(self)
                    || !members.present(connection).contains(owner.get());
            return isFree ? OptionalLong.of(PartitionTable.own(connection, partition, self)) : OptionalLong.empty();
        });
        if (epoch.isPresent()) {
            gain(partition, epoch.getAsLong());
        }
    }

    /// Comes to own a partition. Listeners are told of samples once they know that they will be.
    private void gain(int partition, long epoch) {
        changing.lock();
        try {
            if (closed || isOver()) {
                return; // its row says so for a while
            }
            tails().begin(partition);
            epochs.put(partition, epoch);
            owned.put(partition, epoch);
            tell("gain", listener -> listener.gained(partition));
            tails().open(partition);
        } catch (RuntimeException unreadable) { // it is tried again
            lose(partition);
            tails().end(partition);
            throw unreadable;
        } finally {
            changing.unlock();
        }
    }

    /// Ends what is done for a partition while it is owned still.
    private void giveUp(int partition) {
        changing.lock();
        try {
            tails().end(partition);
            tell("loss", listener -> listener.losing(partition));
            owned.remove(partition);
        } finally {
            changing.unlock();
        }
    }

    private void loseAll() {
        List.copyOf(owned.keySet()).forEach(this::lose);
    }

    private void lose(int partition) {
        changing.lock();
        try {
            if (owned.remove(partition) != null) {
                tails().end(partition);
                tell("loss", listener -> listener.losing(partition));
            }
        } finally {
            changing.unlock();
        }
    }

    private PartitionTails tails() {
        if (tails == null) {
            throw new IllegalStateException("nothing is owned before the start");
        }
        return tails;
    }

    private void tell(String what, Consumer<PartitionListener> news) {
        for (PartitionListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) { // or others would not hear of it
                LOG.error("Who was told of the {} of a part of the store failed", what, e);
            }
        }
    }
}
