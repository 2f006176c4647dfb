package dev.telltale.series;

import dev.telltale.database.Database;
import dev.telltale.database.SqlWork;
import dev.telltale.http.EntityTag;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Series whose samples lie in chunks of up to 512, with a journal in front of them: a batch is one row
/// of the journal and stays in memory, in the heads of its series, until a background thread has moved
/// it to chunks. `docs/storage-format.md` tells what is on disk at each moment.
public final class SqliteSeriesStore implements SeriesStore, AutoCloseable {

    /// From so many samples of each series on an upload builds its chunks at once instead of passing through
    /// the journal.
    private static final int LARGE_UPLOAD = 4 * Chunk.FULL;

    /// So many samples never pass through it, whatever number of series they are of.
    private static final int MOST_JOURNAL_SAMPLES = 64 * Chunk.FULL;

    /// How much is kept in memory and in the journal before it is moved to chunks.
    ///
    /// @param mostSeries series that may exist
    /// @param mostHeadSamples samples in memory; at twice as many, senders wait for a while
    /// @param mostJournalBytes bytes of journal rows
    public record Limits(int mostSeries, long mostHeadSamples, long mostJournalBytes) {}

    private final Database database;
    private final Patience patience;
    /// Tells this process from earlier ones, whose heads counted from 0 too.
    private final String life = Long.toHexString(new SecureRandom().nextLong());

    private final SeriesRegistry registry = new SeriesRegistry();
    private final PagedReads reads;
    private final Journal journal;
    private final Compactor compactor;
    private final SeriesCreation creation;

    private SqliteSeriesStore(Database database, Limits limits, Patience patience) {
        this.database = database;
        this.patience = patience;
        this.reads = new PagedReads(database);
        this.creation = new SeriesCreation(database, registry, limits.mostSeries());
        Map<Long, Long> compacted = new HashMap<>();
        database.read(connection -> SeriesTable.forEach(connection, (series, through, newest) -> {
            registry.add(new StoredSeries(series, newest));
            compacted.put(series.id(), through);
        }));
        long highest =
                compacted.values().stream().mapToLong(Long::longValue).max().orElse(0);
        journal = new Journal(database, highest);
        compactor = new Compactor(
                database, journal, registry::all, limits.mostHeadSamples(), limits.mostJournalBytes(), patience);
        journal.replay((sequence, id, samples) -> {
            // Rows of deleted series, and of samples that are in chunks, wait for other series of their batch.
            Optional<StoredSeries> series = registry.find(id);
            if (series.isPresent() && sequence > compacted.getOrDefault(id, 0L)) {
                int more = series.get().head().put(sequence, samples.times(), samples.values(), 0, samples.count());
                compactor.grew(series.get(), more);
            }
        });
    }

    /// The store on this database, with the journal read back into memory.
    public static SqliteSeriesStore open(Database database, Limits limits) {
        return open(database, limits, Patience.OF_SENDERS);
    }

    static SqliteSeriesStore open(Database database, Limits limits, Patience patience) {
        SqliteSeriesStore store = new SqliteSeriesStore(database, limits, patience);
        store.compactor.start();
        return store;
    }

    @Override
    public Optional<Series> create(SeriesKey key) {
        return creation.createMissing(List.of(key)).stream().findFirst();
    }

    @Override
    public List<Series> findOrCreate(List<SeriesKey> keys, Consumer<Series> made) {
        creation.createMissing(keys).forEach(made);
        return keys.stream()
                .map(key -> find(key)
                        .orElseThrow(() ->
                                SeriesProblem.SERIES_NOT_FOUND.because("the series '%s' was deleted meanwhile", key)))
                .toList();
    }

    @Override
    public List<Optional<Series>> findOrCreateThatFit(List<SeriesKey> keys) {
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
        creation.createThatFit(missing);
        return keys.stream().map(this::find).toList();
    }

    @Override
    public Optional<Series> find(SeriesKey key) {
        return registry.find(key).map(StoredSeries::series);
    }

    @Override
    public Optional<Series> find(long id) {
        return registry.find(id).map(StoredSeries::series);
    }

    @Override
    public List<Series> named(String name) {
        return registry.named(name);
    }

    @Override
    public List<Series> select(Selector selector, long afterId, int limit) {
        return registry.select(selector, afterId, limit);
    }

    @Override
    public EntityTag tag(long id) {
        return tag(existing(id));
    }

    @Override
    public Series describe(long id, UnaryOperator<Series> change) {
        return withHeld(List.of(existing(id)), held -> {
            StoredSeries stored = held.getFirst();
            Series described = change.apply(stored.series());
            if (!described.equals(stored.series())) {
                database.write(connection -> SeriesTable.describe(connection, described));
                stored.describe(described);
            }
            return described;
        });
    }

    @Override
    public Acceptance append(SampleBatch samples, OnConflict onConflict) {
        return append(samples, onConflict, Optional.empty());
    }

    @Override
    public Acceptance append(SampleBatch samples, OnConflict onConflict, SqlWork<?> together) {
        return append(samples, onConflict, Optional.of(together));
    }

    private Acceptance append(SampleBatch samples, OnConflict onConflict, Optional<SqlWork<?>> together) {
        SortedBatch batch = SortedBatch.of(samples);
        ConflictCheck.Known known = appendToJournal(batch, new ConflictCheck(onConflict), together);
        return new Acceptance(
                batch.count() - known.all().cardinality(), known.unchanged().cardinality());
    }

    @Override
    public Kept appendConsistent(SampleBatch samples) {
        SortedBatch batch = SortedBatch.of(samples);
        ConflictCheck check = new ConflictCheck(OnConflict.KEEP);
        ConflictCheck.Known known = appendToJournal(batch, check, Optional.empty());
        BitSet contradicting = new BitSet();
        known.contradicting().stream().forEach(row -> contradicting.set(batch.origin(row)));
        Acceptance acceptance = new Acceptance(
                batch.count() - known.all().cardinality(), known.unchanged().cardinality());
        return new Kept(acceptance, contradicting, check.conflicts());
    }

    @Override
    public Uploaded append(UploadSamples upload, long[] seriesIds, OnConflict onConflict) {
        boolean large =
                upload.count() >= MOST_JOURNAL_SAMPLES || upload.count() >= (long) LARGE_UPLOAD * seriesIds.length;
        return large ? appendToChunks(upload, seriesIds, onConflict) : appendToJournal(upload, seriesIds, onConflict);
    }

    @Override
    public OptionalLong newest(long seriesId) {
        return registry.find(seriesId).stream()
                .mapToLong(stored -> stored.head().newest())
                .filter(time -> time > Long.MIN_VALUE)
                .findAny();
    }

    @Override
    public Samples read(long seriesId, long start, long end) {
        return reads.read(existing(seriesId), start, end);
    }

    @Override
    public void scanWhile(long seriesId, long start, long end, Predicate<Samples> wantsMore) {
        reads.scanWhile(existing(seriesId), start, end, wantsMore);
    }

    @Override
    public long expire(Duration age) {
        return new Expiry(database, age).of(registry.all());
    }

    @Override
    public boolean delete(long id, Consumer<EntityTag> check) {
        return deleteIf(id, wanted -> HeldSeries.all(wanted, patience), stored -> {
            check.accept(tag(stored));
            return isDeletedOnDisk(id);
        });
    }

    @Override
    public boolean deleteIfFree(long id) {
        return deleteIf(id, HeldSeries::free, stored -> isDeletedOnDisk(id))
                || registry.find(id).isEmpty();
    }

    private boolean isDeletedOnDisk(long id) {
        return database.writeFromReserve(connection -> SeriesTable.delete(connection, id)) > 0;
    }

    @Override
    public boolean deleteIfUnused(long id) {
        // Whoever holds it for more than a moment uses it.
        return deleteIf(
                id,
                HeldSeries::free,
                stored -> stored.head().newest() == Long.MIN_VALUE
                        && database.writeFromReserve(connection -> SeriesTable.deleteBare(connection, id)) > 0);
    }

    /// @param hold takes hold of it; if that fails it stays
    /// @param onDisk deletes it there, or says that it is to stay
    private boolean deleteIf(long id, Function<List<StoredSeries>, HeldSeries> hold, Predicate<StoredSeries> onDisk) {
        Optional<StoredSeries> found = registry.find(id);
        if (found.isEmpty()) {
            return false;
        }
        try (HeldSeries held = hold.apply(List.of(found.get()))) {
            for (StoredSeries stored : held.series()) {
                if (!stored.isDeleted() && onDisk.test(stored)) {
                    stored.delete();
                    compactor.forget(stored, Long.MIN_VALUE);
                    registry.remove(stored);
                    return true;
                }
            }
            return false;
        }
    }

    /// Ends the background work; the database stays open.
    @Override
    public void close() {
        compactor.close();
    }

    /// Moves all samples to chunks now.
    void compact() {
        compactor.moveAll();
    }

    private ConflictCheck.Known appendToJournal(SortedBatch batch, ConflictCheck check, Optional<SqlWork<?>> together) {
        compactor.awaitRoom();
        List<StoredSeries> series = new ArrayList<>(batch.runs());
        for (int run = 0; run < batch.runs(); run++) {
            series.add(existing(batch.seriesId(run)));
        }
        return withHeld(series, held -> {
            ConflictCheck.Known known = check.known(database, batch, held);
            check.refuse();
            SortedBatch news = batch.without(known.all());
            if (news.count() > 0) {
                append(news, heldOf(news, held), together);
            } else {
                together.ifPresent(database::write);
            }
            return known;
        });
    }

    private Uploaded appendToJournal(UploadSamples upload, long[] seriesIds, OnConflict onConflict) {
        UploadBatch batch = UploadBatch.of(upload, seriesIds);
        ConflictCheck check = new ConflictCheck(onConflict);
        ConflictCheck.Known known = appendToJournal(batch.sorted(), check, Optional.empty());
        return batch.uploaded(known, check);
    }

    private Uploaded appendToChunks(UploadSamples samples, long[] seriesIds, OnConflict onConflict) {
        List<StoredSeries> ordered = Arrays.stream(seriesIds)
                .distinct()
                .sorted()
                .mapToObj(this::existing)
                .toList();
        Map<Long, StoredSeries> byId =
                ordered.stream().collect(Collectors.toMap(StoredSeries::id, Function.identity()));
        try (ChunkUpload upload = new ChunkUpload(database, compactor, onConflict)) {
            return withHeld(ordered, held -> {
                upload.begin(held);
                for (Iterator<DuplicateMerge.Slice> slices = samples.forTheStore(); slices.hasNext(); ) {
                    DuplicateMerge.Slice slice = slices.next();
                    StoredSeries series = Objects.requireNonNull(byId.get(seriesIds[slice.series()]));
                    upload.add(
                            series,
                            SortedBatch.of(
                                    series.id(),
                                    slice.samples(),
                                    (row, detail) -> samples.form().of(slice.places()[(int) row], detail)));
                }
                upload.commit();
                return upload.uploaded(seriesIds);
            });
        }
    }

    /// Does something with series that nobody changes meanwhile.
    private <T> T withHeld(List<StoredSeries> series, Function<List<StoredSeries>, T> work) {
        try (HeldSeries held = HeldSeries.all(series, patience)) {
            held.series().forEach(SqliteSeriesStore::refuseDeleted);
            return work.apply(held.series());
        }
    }

    private void append(SortedBatch news, List<StoredSeries> series, Optional<SqlWork<?>> together) {
        for (int run = 0; run < news.runs(); run++) {
            series.get(run).head().reserve(news.to(run) - news.from(run));
        }
        long sequence = journal.begin();
        try {
            journal.write(sequence, news, together);
            for (int run = 0; run < news.runs(); run++) {
                StoredSeries stored = series.get(run);
                int more = stored.head().put(sequence, news.times(), news.values(), news.from(run), news.to(run));
                compactor.grew(stored, more);
            }
        } finally {
            journal.ended(sequence);
        }
    }

    private EntityTag tag(StoredSeries stored) {
        return EntityTag.of(
                stored.series().tag().value(), life + '-' + stored.head().version());
    }

    private StoredSeries existing(long id) {
        return registry.find(id).orElseThrow(() -> notFound(id));
    }

    private static void refuseDeleted(StoredSeries stored) {
        if (stored.isDeleted()) {
            throw notFound(stored.id());
        }
    }

    private static RuntimeException notFound(long id) {
        return SeriesProblem.SERIES_NOT_FOUND.because("no series has the id %d; it may have been deleted", id);
    }

    /// The series of the runs that are left.
    private static List<StoredSeries> heldOf(SortedBatch news, List<StoredSeries> series) {
        if (news.runs() == series.size()) {
            return series;
        }
        List<StoredSeries> held = new ArrayList<>(news.runs());
        for (StoredSeries stored : series) {
            if (held.size() < news.runs() && news.seriesId(held.size()) == stored.id()) {
                held.add(stored);
            }
        }
        return held;
    }
}
