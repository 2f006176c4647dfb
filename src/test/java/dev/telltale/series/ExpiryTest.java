package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.SqlWork;
import dev.telltale.database.SqliteDatabase;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryTest {

    private static final int CHUNKS = 800;

    @TempDir
    private Path directory;

    private DataDirectory held;
    private SqliteDatabase database;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
    }

    @AfterEach
    void close() {
        database.close();
        held.close();
    }

    @Test
    void deletesAThousandChunksAtOnceWhateverTheirSeries() {
        List<StoredSeries> series = List.of(old("a"), old("b"), old("c"));
        List<Long> deletedAtOnce = new ArrayList<>();

        long deleted = expiry(watched(deletedAtOnce)).of(series);

        assertThat(deletedAtOnce).containsExactly(1024L, 1024L, 3L * CHUNKS - 2048);
        assertThat(deleted).isEqualTo(3 * CHUNKS);
    }

    @Test
    void leavesASeriesThatIsBusyForTheNextTime() throws Exception {
        List<StoredSeries> series = List.of(old("a"), old("b"));
        Expiry expiry = expiry(database);
        series.getFirst().lock().lock();
        try {
            long deleted =
                    CompletableFuture.supplyAsync(() -> expiry.of(series)).get(10, TimeUnit.SECONDS);

            assertThat(deleted).isEqualTo(CHUNKS);
            assertThat(series.getLast().lock().isLocked()).isFalse();
        } finally {
            series.getFirst().lock().unlock();
        }
        assertThat(expiry.of(series)).isEqualTo(CHUNKS);
    }

    /// Of all that is older than the newest sample of its series.
    private static Expiry expiry(Database database) {
        SampleLog log =
                new LocalJournal(database, new SeriesRegistry(), new HeadMemory(1, Patience.OF_SENDERS));
        return new Expiry(database, log, Duration.ZERO);
    }

    /// A series of old chunks, each of one sample.
    private StoredSeries old(String name) {
        SeriesKey key = new SeriesKey(name, Labels.NONE);
        long id = database.write(connection -> {
            long inserted = SeriesTable.insert(connection, key);
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO chunk (series, start, last, count, samples) VALUES (?, ?, ?, 1, ?)")) {
                for (int time = 0; time < CHUNKS; time++) {
                    insert.setLong(1, inserted);
                    insert.setLong(2, time);
                    insert.setLong(3, time);
                    insert.setBytes(4, new byte[1]);
                    insert.executeUpdate();
                }
            }
            return inserted;
        });
        return new StoredSeries(new Series(id, key, Optional.empty(), Optional.empty()), 0, 0, CHUNKS);
    }

    /// The database, which notes how many chunks each write deletes.
    private Database watched(List<Long> deleted) {
        return (Database) Proxy.newProxyInstance(
                Database.class.getClassLoader(), new Class<?>[] {Database.class}, (proxy, method, arguments) -> {
                    SqlWork<?> work = (SqlWork<?>) arguments[0];
                    return method.getName().equals("read")
                            ? database.read(work)
                            : database.write(connection -> {
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
            return row.getLong(1);
        }
    }
}
