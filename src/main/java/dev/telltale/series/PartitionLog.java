package dev.telltale.series;

import dev.telltale.database.Database;
import dev.telltale.database.DatabaseProblem;
import dev.telltale.database.Pulse;
import dev.telltale.database.SqlWork;
import dev.telltale.problem.Problem;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log of a store that several processes share. Series lie in partitions, each of which has a log of its own. Every
/// change of samples is one transaction that locks the partitions of its series, reads what their logs tell that it has
/// not read yet, and adds a row to each of them that says what it has changed. So whoever has read the log of a
/// partition up to the last row that a transaction sees knows the heads of that moment, and which process wrote them
/// does not matter.
///
/// Locks are taken in this order: series, partitions of this process, the ordered writes, the rows of the partitions by
/// their numbers. Who needs that the owner of a partition stays may say so at any time: these locks and that one do not
/// meet.
///
/// Of partitions that this process owns listeners are told what the log tells: of its own rows by who has written them,
/// of others' by the thread that looks for them.
final class PartitionLog implements SampleLog, PartitionTails {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionLog.class);
    private static final int ATTEMPTS = 4;
    private static final int ROWS_AT_ONCE = 256;
    private static final Duration A_MOMENT = Duration.ofMillis(200);
    private static final Duration IDLE = Duration.ofMinutes(1);
    /// Samples of all partitions that wait until listeners have heard of them.
    private static final int MOST_UNTOLD = 1_000_000;

    /// Where nobody has written.
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    private final Database database;
    private final SeriesRegistry registry;
    private final HeadMemory memory;
    private final Partitions partitions;
    private final List<PartitionTail> tails;
    private final PartitionWrites writes;
    private final Audience audience = new Audience();
    private final Pulse watch;

    /// @param registry all series
    /// @param count of the partitions that there are
    PartitionLog(
            Database database,
            SeriesRegistry registry,
            HeadMemory memory,
            Partitions partitions,
            int count,
            Patience patience) {
        this.database = database;
        this.registry = registry;
        this.memory = memory;
        this.partitions = partitions;
        tails = IntStream.range(0, count)
                .mapToObj(partition -> new PartitionTail(
                        partition, registry, memory, new PartitionNews(audience, Math.max(1, MOST_UNTOLD / count))))
                .toList();
        writes = new PartitionWrites(database, tails, patience);
        watch = Pulse.atOnce("series-partitions", BETWEEN_LOOKS, this::readOn);
        database.follow(PartitionTable.SEQUENCES_MARK, this::areNews, watch);
        database.follow(SharedSeriesTable.MARK, watch);
    }

    @Override
    public ConflictCheck.Known append(
            List<StoredSeries> held, SortedBatch batch, ConflictCheck check, Optional<SqlWork<?>> together) {
        return writes.run(held, database::writeAlone, transaction -> {
            held.forEach(StoredSeries::requirePresent);
            ConflictCheck.Known known = check.known(transaction.chunks(), batch, held);
            check.refuse();
            SortedBatch news = batch.without(known.all());
            if (news.count() > 0) {
                addSamples(transaction, news, news.ofRuns(held));
            }
            if (together.isPresent()) {
                together.get().run(transaction.connection());
            }
            return known;
        });
    }

    @Override
    public void move(List<StoredSeries> held) {
        Map<Integer, List<StoredSeries>> byPartition = held.stream()
                .filter(series -> partitions.owns(series.partition()))
                .collect(Collectors.groupingBy(StoredSeries::partition, TreeMap::new, Collectors.toList()));
        byPartition.forEach((partition, series) -> {
            PartitionTail tail = tails.get(partition);
            boolean mayBeFilled =
                    tail.isCold() || series.stream().anyMatch(one -> one.head().count() > 0);
            // A long upload may write to the partition; who waited for it would keep other partitions waiting.
            if (mayBeFilled && PartitionWrites.awaits(List.of(tail), System.nanoTime() + A_MOMENT.toNanos())) {
                try {
                    writes.run(series, database::writeAlone, transaction -> {
                        SortedMap<Long, Long> newest = new TreeMap<>();
                        HeadMoves.toChunks(transaction, series, newest, database::temporaryFileFromReserve);
                        HeadMoves.note(transaction, series, newest, Map.of());
                        return newest.size();
                    });
                } catch (Problem busy) { // that one later; the others need not wait for it
                    if (busy.type() != DatabaseProblem.STORE_OVERLOADED) {
                        throw busy;
                    }
                    LOG.info("Partition {} is tidied up later: {}", partition, busy.getMessage());
                } finally {
                    tail.writer().unlock();
                }
            }
        });
    }

    @Override
    public void change(List<StoredSeries> held, ChunkWork work) {
        writes.run(held, database::writeAlone, transaction -> {
            held.forEach(StoredSeries::requirePresent);
            SortedMap<Long, Long> newest = new TreeMap<>();
            HeadMoves.toChunks(transaction, held, newest, database::temporaryFile);
            try (ChunkChanges changes = new ChunkChanges(database::temporaryFile)) {
                work.plan(transaction.chunks(), changes);
                changes.finish();
                HeadMoves.write(transaction, changes, newest);
            }
            HeadMoves.note(transaction, held, newest, work.came());
            return newest.size();
        });
    }

    @Override
    public Expiry.Expired expire(List<StoredSeries> held, SqlWork<Expiry.Expired> work) {
        return writes.run(held, database::writeAlone, transaction -> {
            Expiry.Expired expired = work.run(transaction.connection());
            SortedMap<Long, Long> newest = new TreeMap<>();
            for (StoredSeries series : expired.series()) {
                newest.put(series.id(), series.head().newest());
            }
            HeadMoves.toChunks(transaction, expired.series(), newest, database::temporaryFileFromReserve);
            HeadMoves.note(transaction, expired.series(), newest, Map.of());
            return expired;
        });
    }

    @Override
    public boolean delete(StoredSeries held, Predicate<String> wanted, SqlWork<Integer> work) {
        return writes.inOrder(held, database::writeFromReserve, transaction -> {
            if (held.isDeleted() || !wanted.test(versionOf(held)) || work.run(transaction.connection()) == 0) {
                return false;
            }
            SharedSeriesTable.deleted(transaction.connection(), held.series());
            transaction.add(LogRow.gone(held.partition(), transaction.next(held.partition()), held.id()));
            return true;
        });
    }

    @Override
    public Series describe(StoredSeries held, UnaryOperator<Series> change) {
        return writes.inOrder(held, database::write, transaction -> {
            held.requirePresent();
            Series described = change.apply(held.series());
            if (!described.equals(held.series())) {
                SeriesTable.describe(transaction.connection(), described);
                transaction.add(LogRow.described(held.partition(), transaction.next(held.partition()), described));
            }
            return described;
        });
    }

    @Override
    public void end(List<StoredSeries> series, long[] times) {
        writes.run(series, database::writeAlone, transaction -> {
            Map<Integer, SortedMap<Long, Long>> byPartition = new TreeMap<>();
            for (int i = 0; i < series.size(); i++) {
                StoredSeries one = series.get(i);
                if (!one.isDeleted()) {
                    byPartition
                            .computeIfAbsent(one.partition(), partition -> new TreeMap<>())
                            .put(one.id(), times[i]);
                }
            }
            byPartition.forEach(
                    (partition, ends) -> transaction.add(LogRow.ended(partition, transaction.next(partition), ends)));
            return byPartition.size();
        });
    }

    @Override
    public boolean tells(SampleListener listener) {
        audience.add(listener);
        owned().forEach(tail -> {
            begin(tail.partition());
            open(tail.partition());
        });
        return true;
    }

    @Override
    public void announce() {
        if (!audience.isEmpty()) {
            tails.forEach(tail -> tail.news().tell());
        }
    }

    @Override
    public void begin(int partition) {
        PartitionTail tail = tails.get(partition);
        boolean hasBegun = false;
        while (!hasBegun) {
            hasBegun = database.read(connection -> {
                registry.catchUp(connection);
                return tail.beginNews(connection, PartitionTable.sequence(connection, partition));
            });
        }
    }

    @Override
    public void open(int partition) {
        PartitionNews news = tails.get(partition).news();
        news.open();
        news.tell();
        watch.wake(); // others may have written since it was read, when it was not owned here
    }

    @Override
    public void end(int partition) {
        tails.get(partition).news().end();
    }

    @Override
    public Head head(StoredSeries series) {
        return fresh(series, series::head);
    }

    @Override
    public Map<Long, Long> newest(List<StoredSeries> series) {
        Map<Long, Long> newest = new HashMap<>();
        if (series.isEmpty()) {
            return newest;
        }
        Map<PartitionTail, List<StoredSeries>> byTail = series.stream().collect(Collectors.groupingBy(this::tail));
        return database.read(connection -> {
            Map<Integer, Long> sequences = PartitionTable.sequences(connection);
            for (Map.Entry<PartitionTail, List<StoredSeries>> one : byTail.entrySet()) {
                PartitionTail tail = one.getKey();
                tail.readTo(connection, sequences.getOrDefault(tail.partition(), 0L));
                one.getValue()
                        .forEach(known -> newest.put(known.id(), known.head().newest()));
            }
            return newest;
        });
    }

    /// The sequence of the last row of the log that tells of the series: the same in all processes.
    @Override
    public String version(StoredSeries series) {
        return fresh(series, () -> {
            series.requirePresent();
            return versionOf(series);
        });
    }

    /// A transaction sees the chunks of one moment, and the heads of that moment or of a later one. Between the two the
    /// series may have got samples, which are all in the head; if its chunks changed too, the look starts anew.
    @Override
    public Moment moment(StoredSeries series, long start, long end, int mostChunks) {
        PartitionTail tail = tail(series);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Moment> moment = database.read(connection -> {
                long sequence = PartitionTable.sequence(connection, tail.partition());
                Head.View view = tail.at(connection, sequence, () -> {
                    series.requirePresent();
                    return series.head().view(start, end);
                });
                return view.generation() > sequence
                        ? Optional.empty()
                        : Optional.of(with(view, ChunkReads.on(connection), series.id(), start, end, mostChunks));
            });
            if (moment.isPresent()) {
                return moment.get();
            }
        }
        return writes.run(List.of(series), database::writeAlone, transaction -> {
            series.requirePresent();
            return with(series.head().view(start, end), transaction.chunks(), series.id(), start, end, mostChunks);
        });
    }

    @Override
    public Collection<StoredSeries> tended() {
        return registry.all().stream()
                .filter(series -> partitions.owns(series.partition()))
                .sorted(Comparator.comparingInt(StoredSeries::partition))
                .toList();
    }

    @Override
    public long bytes() {
        return owned().mapToLong(PartitionTail::bytes).sum();
    }

    @Override
    public Predicate<StoredSeries> olderHalf() {
        long[] middles = tails.stream().mapToLong(PartitionTail::middle).toArray();
        return series -> series.head().oldestSequence() <= middles[series.partition()];
    }

    @Override
    public void trim() {
        letGo();
        owned().filter(tail -> !tail.isCold()).forEach(this::trim);
    }

    /// Deletes the rows of a partition that no head of its owner needs: nobody else knows which these are.
    private void trim(PartitionTail tail) {
        int partition = tail.partition();
        long epoch = partitions.epoch(partition);
        long needed = tail.oldestNeeded();
        try {
            int deleted;
            do {
                deleted = database.writeAlone(connection -> {
                    partitions.require(connection, partition, epoch);
                    return PartitionTable.deleteBelow(connection, partition, needed, ROWS_AT_ONCE);
                });
            } while (deleted == ROWS_AT_ONCE);
            tail.counted(database.<Long>read(connection -> PartitionTable.bytes(connection, partition)));
        } catch (PartitionLost lost) {
            LOG.debug("Another process deletes these rows now", lost);
        }
    }

    @Override
    public void close() {
        watch.close();
    }

    /// Reads on what others wrote to the partitions that this process owns.
    private void readOn() {
        try {
            readOwned();
        } finally {
            announce();
        }
        letGo();
    }

    /// Whether others have written to what this process owns, or listeners have not heard yet what they wrote.
    private boolean areNews(String sequences) {
        String[] all = sequences.split(" ", -1);
        return owned().anyMatch(tail -> tail.isBehind(Long.parseLong(all[tail.partition()]))
                || tail.news().areWaiting());
    }

    /// Lets go of what others own and nobody here wants.
    private void letGo() {
        tails.stream()
                .filter(tail -> !partitions.owns(tail.partition()) && !tail.isCold())
                .filter(tail -> memory.isShort() || tail.isIdle(IDLE))
                .forEach(PartitionTail::letGo);
        memory.tellOfRoom();
    }

    private void readOwned() {
        database.read(connection -> {
            Map<Integer, Long> sequences = PartitionTable.sequences(connection);
            RuntimeException damage = null;
            for (PartitionTail tail : owned().toList()) {
                long sequence = sequences.getOrDefault(tail.partition(), 0L);
                try {
                    if (tail.isBehind(sequence)) {
                        tail.readTo(connection, sequence);
                    }
                } catch (RuntimeException unreadable) { // the others can be read
                    damage = unreadable;
                }
            }
            registry.catchUp(connection);
            if (damage != null) {
                throw damage;
            }
            return true;
        });
    }

    private Stream<PartitionTail> owned() {
        return tails.stream().filter(tail -> partitions.owns(tail.partition()));
    }

    private PartitionTail tail(StoredSeries series) {
        return tails.get(series.partition());
    }

    private <T> T fresh(StoredSeries series, Supplier<T> look) {
        PartitionTail tail = tail(series);
        return database.read(
                connection -> tail.at(connection, PartitionTable.sequence(connection, tail.partition()), look));
    }

    private static String versionOf(StoredSeries series) {
        return Long.toString(series.head().latestSequence());
    }

    private static Moment with(Head.View view, ChunkReads chunks, long seriesId, long start, long end, int mostChunks) {
        List<EncodedChunk> stored = start > view.newestInChunks()
                ? List.of()
                : chunks.read(table -> table.range(seriesId, start, end, mostChunks));
        return new Moment(view.samples(), stored);
    }

    private static void addSamples(LogTransaction transaction, SortedBatch news, List<StoredSeries> series) {
        int[] partitions =
                series.stream().mapToInt(StoredSeries::partition).distinct().toArray();
        for (int partition : partitions) {
            BitSet others = new BitSet();
            for (int run = 0; run < news.runs(); run++) {
                if (series.get(run).partition() != partition) {
                    others.set(news.from(run), news.to(run));
                }
            }
            transaction.add(LogRow.samples(partition, transaction.next(partition), news.without(others)));
        }
    }
}
