package dev.telltale.series;

import dev.telltale.database.Database;
import dev.telltale.database.MoveListener;
import dev.telltale.database.MovedRows;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Moves series with their samples, annotations and waiting uploads from SQLite to PostgreSQL. Ids stay, since the
/// checksums of chunks cover them, and the chunks are taken over byte by byte. What lies in the journal alone is put
/// into chunks there: the source is only read.
public final class SeriesMove {

    private static final String NAME = "[0-9a-f-]{36}";

    private final Database source;
    private final Path uploads;
    private final FrameGroup group;
    private final SeriesRegistry registry;

    /// Reads the journal into memory, as a start does.
    ///
    /// @param source nobody else works on it
    /// @param dataDirectory of the source
    /// @param target what the service will be told of its store
    public SeriesMove(Database source, Path dataDirectory, SeriesStoreProperties target) {
        this.source = source;
        this.uploads = dataDirectory.resolve(DirectoryUploadBodies.DIRECTORY);
        this.group = target.group();
        this.registry = SeriesRegistry.of(source);
        HeadMemory memory = new HeadMemory(Long.MAX_VALUE / 2, Patience.OF_SENDERS); // all of the journal fits
        new LocalJournal(source, registry, memory).close();
    }

    /// Copies all series and what belongs to them, in the running transaction of the target.
    ///
    /// @throws dev.telltale.problem.Problem if a chunk that has to be read is damaged
    /// @throws dev.telltale.database.DatabaseUnusable if the target has another number of partitions
    public void copy(Connection from, Connection to, MoveListener listener) throws SQLException {
        PartitionTable.prepare(to, group.partitions());
        copySeries(to, listener);
        MovedRows.copy(
                from, "SELECT id, series, start, last, count, samples FROM chunk ORDER BY id", to, "chunk", listener);
        takeIds(to);
        long chunks = chunks(to);
        long bytes = copyHeads(to);
        if (bytes > 0) {
            listener.moved("chunk", chunks(to) - chunks, bytes);
        }
        MovedRows.copy(from, "SELECT * FROM annotation ORDER BY id", to, "annotation", listener);
        SharedSeriesTable.moved(to, registry.count(), highestId(from));
    }

    /// Copies the bodies of uploads that wait for their jobs.
    ///
    /// @param names of the bodies, the subjects of the jobs
    public void copyBodies(List<String> names, Connection to, MoveListener listener) throws SQLException {
        MovedRows.write(to, "upload_body", List.of("upload", "part", "bytes"), listener, rows -> {
            for (String name : names) {
                try {
                    copyBody(name, rows);
                } catch (NoSuchFileException e) {
                    listener.warn("The body " + name + " of an upload that waits is not there; its job will fail.");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    private void copyBody(String name, MovedRows rows) throws IOException, SQLException {
        if (!name.matches(NAME)) {
            throw new NoSuchFileException(name);
        }
        try (InputStream in = Files.newInputStream(uploads.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
            byte[] part = in.readNBytes(TableUploadBodies.PART_BYTES);
            int number = 0;
            do { // of an empty one there is a part too
                rows.add(name, number++, part);
                part = in.readNBytes(TableUploadBodies.PART_BYTES);
            } while (part.length > 0);
        }
    }

    private void copySeries(Connection to, MoveListener listener) throws SQLException {
        List<String> columns =
                List.of("id", "name", "labels", "unit", "interval_ms", "newest", "partition", "identity");
        MovedRows.write(to, "series", columns, listener, rows -> {
            for (StoredSeries stored : registry.all()) {
                Series series = stored.series();
                String labels = SeriesTable.text(series.key().labels());
                long newest = stored.head().newestInChunks();
                rows.add(
                        series.id(),
                        series.name(),
                        labels,
                        series.unit().orElse(null),
                        series.interval().map(Duration::toMillis).orElse(null),
                        newest == Long.MIN_VALUE ? null : newest,
                        group.partition(series.key()),
                        SharedSeriesTable.identity(series.name(), labels));
            }
        });
    }

    /// Chunks that are made from here on get ids above those that came.
    private static void takeIds(Connection to) throws SQLException {
        try (PreparedStatement set = to.prepareStatement(
                "SELECT setval(pg_get_serial_sequence('chunk', 'id'), max(id)) FROM chunk HAVING max(id) > 0")) {
            set.execute();
        }
    }

    /// The highest id that a series was ever given.
    private static long highestId(Connection from) throws SQLException {
        try (Statement select = from.createStatement();
                ResultSet row = select.executeQuery("SELECT max(seq) FROM sqlite_sequence WHERE name = 'series'")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static long chunks(Connection to) throws SQLException {
        try (Statement select = to.createStatement();
                ResultSet row = select.executeQuery("SELECT count(*) FROM chunk")) {
            row.next();
            return row.getLong(1);
        }
    }

    /// Puts what was in the journal alone into chunks.
    ///
    /// @return bytes of these
    private long copyHeads(Connection to) throws SQLException {
        long bytes = 0;
        List<StoredSeries> some = new ArrayList<>();
        for (StoredSeries stored : registry.all()) {
            if (stored.head().count() > 0) {
                some.add(stored);
            }
            if (some.size() == HeadMemory.HEADS_AT_ONCE) {
                bytes += copyHeads(some, to);
                some.clear();
            }
        }
        return bytes + copyHeads(some, to);
    }

    private long copyHeads(List<StoredSeries> some, Connection to) throws SQLException {
        try (ChunkChanges changes = new ChunkChanges(source::temporaryFileFromReserve);
                ChunkTable chunks = new ChunkTable(to)) {
            for (StoredSeries stored : some) {
                changes.add(chunks, stored, stored.head().all());
            }
            changes.finish();
            changes.write(to);
            return changes.bytes();
        }
    }
}
