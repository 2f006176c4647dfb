package dev.telltale.series;

import dev.telltale.database.Database;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/// Brings many samples of one series or several into chunks, slice by slice, without passing through the
/// journal: the new chunks are built aside, and one transaction swaps them in. The caller holds the series.
final class ChunkUpload implements AutoCloseable {

    private final Database database;
    private final Compactor compactor;
    private final ConflictCheck check;
    private final ChunkSpool fresh;
    private final LinkedHashMap<Long, Part> parts = new LinkedHashMap<>();
    private final BitSet kept = new BitSet();
    private int ordinal;

    /// What becomes of one series.
    private static final class Part {

        private final StoredSeries series;
        private final ChunkChange change;
        private long accepted;
        private long unchanged;

        private Part(StoredSeries series, ChunkSpool fresh) {
            this.series = series;
            this.change = new ChunkChange(series.id(), series.head().newestInChunks(), fresh);
        }
    }

    ChunkUpload(Database database, Compactor compactor, OnConflict onConflict) {
        this.database = database;
        this.compactor = compactor;
        this.check = new ConflictCheck(onConflict);
        this.fresh = new ChunkSpool(database::temporaryFile);
    }

    /// Empties the heads: with nothing in them, readers see the upload whole or not at all.
    void begin(List<StoredSeries> held) {
        compactor.move(held);
    }

    /// Adds samples of one series, later than those that were added of it before; the samples of a series
    /// come one after the other.
    void add(StoredSeries series, SortedBatch slice) {
        Part part = parts.get(series.id());
        if (part == null) {
            finishLast();
            part = new Part(series, fresh);
            parts.put(series.id(), part);
        }
        ConflictCheck.Known known = check.known(database, slice, List.of(series));
        SortedBatch news = slice.without(known.all());
        if (news.count() > 0) {
            ChunkChange change = part.change;
            database.read(connection -> {
                try (ChunkTable chunks = new ChunkTable(connection)) {
                    change.add(chunks, news.samples(0));
                    return true;
                }
            });
        }
        part.accepted += news.count();
        part.unchanged += known.unchanged().cardinality();
        known.contradicting().stream().forEach(row -> kept.set(ordinal + row));
        ordinal += slice.count();
    }

    /// Stores all that was added.
    ///
    /// @throws dev.telltale.problem.Problem if a stored sample contradicts and that refuses the upload
    void commit() {
        finishLast();
        check.refuse();
        List<Part> changed =
                parts.values().stream().filter(part -> part.accepted > 0).toList();
        if (changed.isEmpty()) {
            return;
        }
        database.requireRoom(fresh.bytes());
        database.write(connection -> {
            ChunkChange.apply(
                    connection, changed.stream().map(part -> part.change).toList(), fresh);
            return true;
        });
        changed.forEach(part -> compactor.forget(part.series, part.change.newest()));
    }

    Uploaded uploaded(long[] seriesIds) {
        return new Uploaded(Arrays.stream(seriesIds).mapToObj(this::acceptance).toList(), kept, check.conflicts());
    }

    private Acceptance acceptance(long seriesId) {
        Part part = parts.get(seriesId);
        return part == null ? Acceptance.NONE : new Acceptance(part.accepted, part.unchanged);
    }

    @Override
    public void close() {
        fresh.close();
    }

    private void finishLast() {
        if (!parts.isEmpty()) {
            Objects.requireNonNull(parts.lastEntry()).getValue().change.finish();
        }
    }
}
