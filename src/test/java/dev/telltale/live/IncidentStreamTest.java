package dev.telltale.live;

import static dev.telltale.live.TestFindings.anomaly;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.Changes;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.http.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncidentStreamTest {

    private static final FindingFilter ALL = FindingFilter.of(null, null, null, null, null, null);

    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private DataDirectory held;
    private SqliteDatabase database;
    private FindingStore store;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
        store = new FindingStore(
                database,
                Changes.on(database),
                InstantSource.system(),
                List.of(),
                new FindingMeters(new SimpleMeterRegistry()));
        List<Anomaly> stored = database.write(connection ->
                store.store(connection, List.of(), Duration.ofMinutes(1), List.of(anomaly(1, 1, 0, 1, 2))));
        assertThat(stored).hasSize(1);
    }

    @AfterEach
    void close() {
        database.close();
        held.close();
    }

    @Test
    void givesASignOfLifeWhenNothingHappensForLong() {
        Reader reader = new Reader(3);
        stream(Duration.ofSeconds(15)).write(ALL, "", reader);

        assertThat(reader.heard.get(0)).isEqualTo("retry: 2000\n\n");
        assertThat(reader.heard.get(1)).startsWith("id: 1\nevent: changed\ndata: {\"id\":\"1\"");
        assertThat(reader.heard.get(2)).isEqualTo(": still here\n\n");
    }

    @Test
    void staysSilentUntilThen() {
        store.news().end();
        Reader reader = new Reader(9);
        stream(Duration.ofSeconds(1)).write(ALL, "", reader);

        assertThat(reader.heard).hasSize(2);
    }

    @Test
    void endsWhereverTheReaderGoes() {
        for (int patience = 0; patience < 2; patience++) {
            Reader reader = new Reader(patience);
            stream(Duration.ofSeconds(1)).write(ALL, "", reader);
            assertThat(reader.heard).hasSize(patience);
        }
    }

    @Test
    void endsForAReaderWhoseThreadIsInterruptedAndForNobodyElse() {
        Reader reader = new Reader(9);
        Thread.currentThread().interrupt();
        stream(Duration.ofSeconds(1)).write(ALL, "", reader);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(reader.heard).hasSize(2);
        assertThat(store.news().isOver()).isFalse();
    }

    /// @param step that the clock makes each time it is asked
    private IncidentStream stream(Duration step) {
        return new IncidentStream(store, new Json(), () -> nanos.addAndGet(step.toNanos()));
    }

    /// Goes after so many texts.
    private static final class Reader extends OutputStream {

        private final List<String> heard = new ArrayList<>();
        private final int patience;

        private Reader(int patience) {
            this.patience = patience;
        }

        @Override
        public void write(int one) {
            throw new AssertionError("a text comes in pieces");
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            if (heard.size() == patience) {
                throw new IOException("gone");
            }
            heard.add(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
