package dev.telltale.series;

import dev.telltale.database.DataDirectoryUnusable;
import dev.telltale.database.Database;
import dev.telltale.database.SqlWork;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The log of a process that has its database for itself: one row for each accepted batch until all its
/// samples are in chunks. Who may change a series is a matter of its lock alone, and its head is always as
/// new as the log.
final class LocalJournal implements SampleLog {

    private static final int ROWS_AT_ONCE = 256;

    private final Database database;
    private final SeriesRegistry registry;
    private final HeadMemory memory;
    private final ChunkReads chunks;
    private final LocalMoments moments;
    private final JournalSequences sequences;
    private final AtomicLong bytes = new AtomicLong();
    /// Tells this process from earlier ones, whose heads counted from 0 too.
    private final String life = Long.toHexString(new SecureRandom().nextLong());

    /// The journal of this database, with its samples read back into the heads of their series.
    ///
    /// @param registry all series, with empty heads
    LocalJournal(Database database, SeriesRegistry registry, HeadMemory memory) {
        this.database = database;
        this.registry = registry;
        this.memory = memory;
        chunks = ChunkReads.of(database);
        moments = new LocalMoments(chunks);
        sequences = new JournalSequences(replay());
    }

    @Override
    public ConflictCheck.Known append(
            List<StoredSeries> held, SortedBatch batch, ConflictCheck check, Optional<SqlWork<?>> together) {
        ConflictCheck.Known known = check.known(chunks, batch, held);
        check.refuse();
        SortedBatch news = batch.without(known.all());
        if (news.count() > 0) {
            append(news, news.ofRuns(held), together);
        } else {
            together.ifPresent(database::write);
        }
        return known;
    }

    @Override
    public void move(List<StoredSeries> held) {
        List<StoredSeries> filled = held.stream()
                .filter(series -> !series.isDeleted() && series.head().count() > 0)
                .toList();
        if (filled.isEmpty()) {
            return;
        }
        try (ChunkChanges changes = new ChunkChanges(database::temporaryFileFromReserve)) {
            chunks.read(table -> {
                for (StoredSeries series : filled) {
                    changes.add(table, series, series.head().all());
                }
                changes.finish();
                return true;
            });
            database.writeFromReserve(connection -> {
                changes.write(connection);
                return SeriesTable.compacted(
                        connection, filled, series -> series.head().latestSequence());
            });
            changes.forEach(memory::empty);
        }
    }

    @Override
    public void change(List<StoredSeries> held, ChunkWork work) {
        move(held);
        try (ChunkChanges changes = new ChunkChanges(database::temporaryFile)) {
            work.plan(chunks, changes);
            changes.finish();
            if (!changes.isEmpty()) {
                database.requireRoom(changes.bytes());
                database.write(changes::write);
                changes.forEach(memory::empty);
            }
        }
    }

    @Override
    public Expiry.Expired expire(List<StoredSeries> held, SqlWork<Expiry.Expired> work) {
        Expiry.Expired expired = database.writeFromReserve(work);
        expired.series().forEach(series -> series.head().expired());
        return expired;
    }

    @Override
    public boolean delete(StoredSeries held, Predicate<String> wanted, SqlWork<Integer> work) {
        if (!wanted.test(version(held)) || database.writeFromReserve(work) == 0) {
            return false;
        }
        held.delete();
        memory.empty(held, Long.MIN_VALUE);
        return true;
    }

    @Override
    public Series describe(StoredSeries held, UnaryOperator<Series> change) {
        Series described = change.apply(held.series());
        if (!described.equals(held.series())) {
            database.write(connection -> SeriesTable.describe(connection, described));
            held.describe(described);
        }
        return described;
    }

    @Override
    public void end(List<StoredSeries> series, long[] times) {
        // nobody reads of it here
    }

    @Override
    public boolean tells(SampleListener listener) {
        return false;
    }

    @Override
    public void announce() {
        // who stores tells
    }

    @Override
    public Head head(StoredSeries series) {
        return series.head();
    }

    @Override
    public String version(StoredSeries series) {
        return life + '-' + series.head().version();
    }

    @Override
    public Moment moment(StoredSeries series, long start, long end, int mostChunks) {
        return moments.of(series, start, end, mostChunks);
    }

    @Override
    public Collection<StoredSeries> tended() {
        return registry.all();
    }

    @Override
    public long bytes() {
        return bytes.get();
    }

    @Override
    public Predicate<StoredSeries> olderHalf() {
        long next = sequences.oldestUnderWay();
        long oldest = oldestInHeads();
        long middle = oldest + Math.max(0, next - oldest) / 2;
        return series -> series.head().oldestSequence() <= middle;
    }

    @Override
    public void trim() {
        long next = sequences.oldestUnderWay();
        long needed = Math.min(next, oldestInHeads());
        JournalTable.Deleted deleted;
        do {
            deleted =
                    database.writeFromReserve(connection -> JournalTable.deleteBelow(connection, needed, ROWS_AT_ONCE));
            bytes.addAndGet(-deleted.bytes());
        } while (deleted.rows() == ROWS_AT_ONCE);
    }

    @Override
    public void close() {
        // nothing of it goes on by itself
    }

    private void append(SortedBatch news, List<StoredSeries> series, Optional<SqlWork<?>> together) {
        for (int run = 0; run < news.runs(); run++) {
            series.get(run).head().reserve(news.to(run) - news.from(run));
        }
        long sequence = sequences.begin();
        try {
            write(sequence, news, together);
            for (int run = 0; run < news.runs(); run++) {
                put(sequence, series.get(run), news.times(), news.values(), news.from(run), news.to(run));
            }
        } finally {
            sequences.ended(sequence);
        }
    }

    /// Writes a row, and in the same transaction what belongs to it; both are on disk when this returns.
    private void write(long sequence, SortedBatch batch, Optional<SqlWork<?>> together) {
        byte[] row = JournalCodec.encode(sequence, batch);
        database.write(connection -> {
            int rows = JournalTable.insert(connection, sequence, row);
            if (together.isPresent()) {
                together.get().run(connection);
            }
            return rows;
        });
        bytes.addAndGet(row.length);
    }

    private void put(long sequence, StoredSeries series, long[] times, double[] values, int from, int to) {
        memory.grew(series, series.head().put(sequence, times, values, from, to));
    }

    /// @return the highest sequence that was ever given
    private long replay() {
        AtomicLong highest = new AtomicLong();
        registry.all().forEach(series -> highest.accumulateAndGet(series.head().latestSequence(), Math::max));
        database.read(connection -> JournalTable.forEach(connection, (sequence, row) -> {
            requireIntact(sequence, row);
            JournalCodec.decode(row, (id, samples) -> replay(sequence, id, samples));
            bytes.addAndGet(row.length);
            highest.accumulateAndGet(sequence, Math::max);
        }));
        return highest.get();
    }

    /// @throws DataDirectoryUnusable if the bytes are not those that were written
    private static void requireIntact(long sequence, byte[] row) {
        if (!JournalCodec.isIntact(sequence, row)) {
            throw new DataDirectoryUnusable(
                    "Row " + sequence + " of the journal in the data directory is damaged.",
                    "Look at the disk and restore the directory from a copy. To go on without the samples of that row:"
                            + " sqlite3 telltale.db 'DELETE FROM journal WHERE sequence = " + sequence + "'");
        }
    }

    /// Rows of deleted series, and of samples that are in chunks, wait for other series of their batch.
    private void replay(long sequence, long seriesId, Samples samples) {
        registry.find(seriesId)
                .filter(series -> sequence > series.head().latestSequence())
                .ifPresent(series -> put(sequence, series, samples.times(), samples.values(), 0, samples.count()));
    }

    private long oldestInHeads() {
        long oldest = Long.MAX_VALUE;
        for (StoredSeries series : registry.all()) {
            oldest = Math.min(oldest, series.head().oldestSequence());
        }
        return oldest;
    }
}
