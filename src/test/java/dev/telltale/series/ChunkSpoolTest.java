package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkSpoolTest {

    @TempDir
    Path directory;

    private final AtomicInteger files = new AtomicInteger();
    private final Random random = new Random(7);
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
    void fewChunksStayInMemory() throws SQLException {
        comesBackAsItCame(100);
        assertThat(files).hasValue(0);
    }

    /// The largest chunk has some 9 KB, so these are up to 27 MB: several times what stays in memory.
    @ParameterizedTest
    @ValueSource(ints = {2_000, 3_001, 6_000})
    void manyComeBackFromAFileInTheOrderInWhichTheyCame(int count) throws SQLException {
        comesBackAsItCame(count);
        assertThat(files).hasValue(1);
    }

    private void comesBackAsItCame(int count) throws SQLException {
        List<List<Object>> came = new ArrayList<>();
        long bytes = 0;
        try (ChunkSpool spool = new ChunkSpool(() -> {
            files.incrementAndGet();
            return database.temporaryFile();
        })) {
            for (int i = 0; i < count; i++) {
                byte[] content = new byte[random.nextInt(1, 9_000)];
                random.nextBytes(content);
                EncodedChunk chunk =
                        new EncodedChunk(random.nextLong(), random.nextLong(), random.nextLong(), i, content);
                came.add(parts(chunk));
                spool.add(chunk);
                bytes += content.length;
            }
            assertThat(spool.bytes()).isGreaterThanOrEqualTo(bytes);
            for (int pass = 0; pass < 2; pass++) {
                List<List<Object>> back = new ArrayList<>();
                spool.forEach(chunk -> back.add(parts(chunk)));
                assertThat(back.equals(came)).isTrue();
            }
        }
    }

    private static List<Object> parts(EncodedChunk chunk) {
        return List.of(chunk.seriesId(), chunk.start(), chunk.last(), chunk.count(), ByteBuffer.wrap(chunk.bytes()));
    }
}
