package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.SqlWork;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What expiry does, whatever log tells of it.
abstract class ExpiryContract {

    private static final int CHUNKS = 800;

    @TempDir
    private Path directory;

    private DataDirectory held;
    private Database database;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = open(held);
    }

    @AfterEach
    void close() {
        database.close();
        held.close();
    }

    abstract Database open(DataDirectory process);

    abstract SeriesInserts inserts(Database shared, SeriesRegistry registry);

    abstract SampleLog log(Database shared, SeriesRegistry registry, HeadMemory memory);

    @Test
    void deletesAThousandChunksAtOnceWhateverTheirSeries() {
        SeriesRegistry registry = old("a", "b", "c");
        List<Long> deletedAtOnce = new ArrayList<>();

        long deleted = expire(watched(deletedAtOnce), registry);

        assertThat(deletedAtOnce).containsExactly(1024L, 1024L, 3L * CHUNKS - 2048);
        assertThat(deleted).isEqualTo(3 * CHUNKS);
    }

    @Test
    void leavesASeriesThatIsBusyForTheNextTime() throws Exception {
        SeriesRegistry registry = old("a", "b");
        List<StoredSeries> series = List.copyOf(registry.all());
        series.getFirst().lock().lock();
        try {
            long deleted = CompletableFuture.supplyAsync(() -> expire(database, registry))
                    .get(10, TimeUnit.SECONDS);

            assertThat(deleted).isEqualTo(CHUNKS);
            assertThat(series.getLast().lock().isLocked()).isFalse();
        } finally {
            series.getFirst().lock().unlock();
        }
        assertThat(expire(database, registry)).isEqualTo(CHUNKS);
    }

    /// Deletes all that is older than the newest sample of its series.
    private long expire(Database shared, SeriesRegistry registry) {
        try (SampleLog log = log(shared, registry, new HeadMemory(1, Patience.OF_SENDERS))) {
            return new Expiry(shared, log, Duration.ZERO).of(log.tended());
        }
    }

    /// Series of old chunks, each of one sample.
    private SeriesRegistry old(String... names) {
        List<SeriesKey> keys =
                Stream.of(names).map(name -> new SeriesKey(name, Labels.NONE)).toList();
        for (StoredSeries made : inserts(database, new SeriesRegistry()).of(keys, (present, missing) -> missing)) {
            database.write(connection -> {
                try (PreparedStatement insert = connection.prepareStatement(
                                "INSERT INTO chunk (series, start, last, count, samples) VALUES (?, ?, ?, 1, ?)");
                        PreparedStatement update =
                                connection.prepareStatement("UPDATE series SET newest = ? WHERE id = ?")) {
                    for (int time = 0; time < CHUNKS; time++) {
                        insert.setLong(1, made.id());
                        insert.setLong(2, time);
                        insert.setLong(3, time);
                        insert.setBytes(4, new byte[1]);
                        insert.executeUpdate();
                    }
                    update.setLong(1, CHUNKS);
                    update.setLong(2, made.id());
                    return update.executeUpdate();
                }
            });
        }
        return SeriesRegistry.of(database);
    }

    /// The database, which notes how many chunks each write deletes.
    private Database watched(List<Long> deleted) {
        return (Database) Proxy.newProxyInstance(
                Database.class.getClassLoader(), new Class<?>[] {Database.class}, (proxy, method, arguments) -> {
                    if (arguments == null || !(arguments[0] instanceof SqlWork<?> work)) {
                        return method.invoke(database, arguments);
                    }
                    return method.getName().equals("read")
                            ? database.read(work)
                            : database.writeAlone(connection -> {
                                long before = chunks(connection);
                                Object result = work.run(connection);
                                deleted.add(before - chunks(connection));
                                return result;
                            });
                });
    }

    private static long chunks(Connection connection) throws SQLException {
        try (Statement count = connection.createStatement();
                ResultSet row = count.executeQuery("SELECT count(*) FROM chunk")) {
            row.next();
            return row.getLong(1);
        }
    }
}
