package dev.telltale.series;

import dev.telltale.database.Database;
import dev.telltale.database.SqlWork;
import dev.telltale.http.EntityTag;
import dev.telltale.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Series whose samples lie in chunks of up to 512, with a log in front of them: a batch is a row of the log
/// and stays in memory, in the heads of its series, until a background thread has moved it to chunks.
/// `docs/storage-format.md` tells what is on disk at each moment.
abstract class ChunkedSeriesStore implements SeriesStore, AutoCloseable {

    /// From so many samples of each series on an upload builds its chunks at once instead of passing through
    /// the log.
    private static final int LARGE_UPLOAD = 4 * Chunk.FULL;

    /// So many samples never pass through it, whatever number of series they are of.
    private static final int MOST_LOG_SAMPLES = 64 * Chunk.FULL;

    /// How much is kept in memory and in the log before it is moved to chunks.
    ///
    /// @param mostSeries series that may exist
    /// @param mostHeadSamples samples in memory; at twice as many, senders wait for a while
    /// @param mostJournalBytes bytes of the rows of the log
    record Limits(int mostSeries, long mostHeadSamples, long mostJournalBytes) {}

    private final Database database;
    private final Patience patience;
    private final SeriesRegistry registry;
    private final SeriesNews news;
    private final SeriesCreation creation;
    private final HeadMemory memory;
    private final SampleLog log;
    private final PagedReads reads;
    private final Compactor compactor;

    /// Opens what differs from database to database, once all series are known.
    interface Opening {

        /// How the rows of new series are made.
        SeriesInserts inserts(SeriesRegistry registry);

        /// Where series come from that this process has not made.
        SeriesNews news(SeriesRegistry registry);

        /// The log, read back into the heads of all series as far as it must be.
        SampleLog log(SeriesRegistry registry, HeadMemory memory);
    }

    ChunkedSeriesStore(Database database, Limits limits, Patience patience, Opening opening) {
        this.database = database;
        this.patience = patience;
        registry = SeriesRegistry.of(database);
        news = opening.news(registry);
        creation = new SeriesCreation(opening.inserts(registry), registry, limits.mostSeries());
        memory = new HeadMemory(limits.mostHeadSamples(), patience);
        log = opening.log(registry, memory);
        reads = new PagedReads(log);
        compactor = new Compactor(log, memory, limits.mostJournalBytes());
        compactor.start();
    }

    @Override
    public Optional<Series> create(SeriesKey key) {
        return creation.createMissing(List.of(key)).stream().findFirst();
    }

    @Override
    public List<Series> findOrCreate(List<SeriesKey> keys, Consumer<Series> made) {
        return creation.findOrCreate(keys, made);
    }

    @Override
    public List<Optional<Series>> findOrCreateThatFit(List<SeriesKey> keys) {
        return creation.findOrCreateThatFit(keys);
    }

    @Override
    public Optional<Series> find(SeriesKey key) {
        return find(List.of(key)).getFirst();
    }

    @Override
    public Optional<Series> known(SeriesKey key) {
        return registry.find(key).map(StoredSeries::series);
    }

    @Override
    public List<Optional<Series>> find(List<SeriesKey> keys) {
        List<Optional<StoredSeries>> known = keys.stream().map(registry::find).toList();
        if (known.stream().anyMatch(Optional::isEmpty)) {
            news.catchUp();
            known = keys.stream().map(registry::find).toList();
        }
        return known.stream().map(stored -> stored.map(StoredSeries::series)).toList();
    }

    @Override
    public Optional<Series> find(long id) {
        return stored(id).map(StoredSeries::series);
    }

    @Override
    public int partition(long id) {
        return existing(id).partition();
    }

    @Override
    public List<Series> named(String name) {
        news.catchUp();
        return registry.named(name);
    }

    @Override
    public List<Series> select(Selector selector, long afterId, int limit) {
        news.catchUp();
        return registry.select(selector, afterId, limit);
    }

    @Override
    public EntityTag tag(long id) {
        StoredSeries stored = existing(id);
        String version = log.version(stored); // brings the description up to date too
        return tag(stored, version);
    }

    @Override
    public Series describe(long id, UnaryOperator<Series> change) {
        return withHeld(List.of(existing(id)), held -> log.describe(held.getFirst(), change));
    }

    @Override
    public Acceptance append(SampleBatch samples, OnConflict onConflict) {
        return append(samples, onConflict, Optional.empty());
    }

    @Override
    public Acceptance append(SampleBatch samples, OnConflict onConflict, SqlWork<?> together) {
        return append(samples, onConflict, Optional.of(together));
    }

    @Override
    public Kept appendConsistent(SampleBatch samples) {
        SortedBatch batch = SortedBatch.of(samples);
        ConflictCheck check = new ConflictCheck(OnConflict.KEEP);
        ConflictCheck.Known known = append(batch, check, Optional.empty());
        BitSet contradicting = new BitSet();
        known.contradicting().stream().forEach(row -> contradicting.set(batch.origin(row)));
        return new Kept(known.acceptance(batch), contradicting, check.conflicts());
    }

    @Override
    public Uploaded append(UploadSamples upload, long[] seriesIds, OnConflict onConflict) {
        boolean large = upload.count() >= MOST_LOG_SAMPLES || upload.count() >= (long) LARGE_UPLOAD * seriesIds.length;
        return large ? appendToChunks(upload, seriesIds, onConflict) : appendToLog(upload, seriesIds, onConflict);
    }

    @Override
    public void end(long[] seriesIds, long[] times) {
        SortedMap<Long, Long> ends = new TreeMap<>();
        for (int i = 0; i < seriesIds.length; i++) {
            ends.merge(seriesIds[i], times[i], Math::max);
        }
        List<StoredSeries> series =
                ends.keySet().stream().flatMap(id -> stored(id).stream()).toList();
        if (!series.isEmpty()) {
            log.end(
                    series,
                    series.stream()
                            .mapToLong(one -> Objects.requireNonNull(ends.get(one.id())))
                            .toArray());
            log.announce();
        }
    }

    @Override
    public boolean tells(SampleListener listener) {
        return log.tells(listener);
    }

    @Override
    public Map<Long, GoneSeries> gone(Collection<Long> ids) {
        return news.gone(ids);
    }

    @Override
    public OptionalLong newest(long seriesId) {
        return stored(seriesId).stream()
                .mapToLong(stored -> log.head(stored).newest())
                .filter(time -> time > Long.MIN_VALUE)
                .findAny();
    }

    @Override
    public List<OptionalLong> newest(List<Long> seriesIds) {
        Map<Long, Long> newest =
                log.newest(seriesIds.stream().flatMap(id -> stored(id).stream()).toList());
        return seriesIds.stream()
                .map(id -> newest.getOrDefault(id, Long.MIN_VALUE))
                .map(time -> time == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(time))
                .toList();
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
        return new Expiry(database, log, age).of(log.tended());
    }

    @Override
    public boolean delete(long id, Consumer<EntityTag> check) {
        return delete(
                id,
                wanted -> HeldSeries.all(wanted, patience),
                (stored, version) -> {
                    check.accept(tag(stored, version));
                    return true;
                },
                connection -> SeriesTable.delete(connection, id));
    }

    @Override
    public boolean deleteIfFree(long id) {
        return delete(id, HeldSeries::free, (stored, version) -> true, connection -> SeriesTable.delete(connection, id))
                || registry.find(id).isEmpty();
    }

    @Override
    public boolean deleteIfUnused(long id) {
        // Whoever holds it for more than a moment uses it.
        return delete(
                id,
                HeldSeries::free,
                (stored, version) -> stored.head().newest() == Long.MIN_VALUE,
                connection -> SeriesTable.deleteBare(connection, id));
    }

    /// Ends the background work; the database stays open.
    @Override
    public void close() {
        compactor.close();
        log.close();
    }

    /// Moves all samples to chunks now.
    void compact() {
        compactor.moveAll();
    }

    private Acceptance append(SampleBatch samples, OnConflict onConflict, Optional<SqlWork<?>> together) {
        SortedBatch batch = SortedBatch.of(samples);
        return append(batch, new ConflictCheck(onConflict), together).acceptance(batch);
    }

    private ConflictCheck.Known append(SortedBatch batch, ConflictCheck check, Optional<SqlWork<?>> together) {
        memory.awaitRoom();
        List<StoredSeries> series = new ArrayList<>(batch.runs());
        for (int run = 0; run < batch.runs(); run++) {
            series.add(existing(batch.seriesId(run)));
        }
        return withHeld(series, held -> log.append(held, batch, check, together));
    }

    private Uploaded appendToLog(UploadSamples upload, long[] seriesIds, OnConflict onConflict) {
        UploadBatch batch = UploadBatch.of(upload, seriesIds);
        ConflictCheck check = new ConflictCheck(onConflict);
        ConflictCheck.Known known = append(batch.sorted(), check, Optional.empty());
        return batch.uploaded(known, check);
    }

    private Uploaded appendToChunks(UploadSamples samples, long[] seriesIds, OnConflict onConflict) {
        List<StoredSeries> series = Arrays.stream(seriesIds)
                .distinct()
                .sorted()
                .mapToObj(this::existing)
                .toList();
        ChunkUpload upload = new ChunkUpload(samples, seriesIds, series, onConflict);
        return withHeld(series, held -> {
            log.change(held, upload);
            return upload.uploaded();
        });
    }

    /// @param hold takes hold of it; if that fails it stays
    /// @param wanted asked whether it is to go, with its version, when nobody can change it any more
    /// @param work deletes its rows, or none
    private boolean delete(
            long id,
            Function<List<StoredSeries>, HeldSeries> hold,
            BiPredicate<StoredSeries, String> wanted,
            SqlWork<Integer> work) {
        Optional<StoredSeries> found = stored(id);
        if (found.isEmpty()) {
            return false;
        }
        try (HeldSeries held = hold.apply(List.of(found.get()))) {
            for (StoredSeries stored : held.series()) {
                if (!stored.isDeleted() && log.delete(stored, version -> wanted.test(stored, version), work)) {
                    registry.remove(stored.id());
                    return true;
                }
            }
            return false;
        }
    }

    /// Does something with series that nobody changes meanwhile.
    private <T> T withHeld(List<StoredSeries> series, Function<List<StoredSeries>, T> work) {
        T result;
        try (HeldSeries held = HeldSeries.all(series, patience)) {
            held.series().forEach(StoredSeries::requirePresent);
            result = work.apply(held.series());
        }
        log.announce();
        return result;
    }

    private static EntityTag tag(StoredSeries stored, String version) {
        return EntityTag.of(stored.series().tag().value(), version);
    }

    private StoredSeries existing(long id) {
        return stored(id).orElseThrow(() -> notFound(id));
    }

    private Optional<StoredSeries> stored(long id) {
        return registry.find(id).or(() -> {
            news.catchUp();
            return registry.find(id);
        });
    }

    private static Problem notFound(long id) {
        return SeriesProblem.SERIES_NOT_FOUND.because("no series has the id %d; it may have been deleted", id);
    }
}
