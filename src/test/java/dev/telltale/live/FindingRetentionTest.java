package dev.telltale.live;

import static dev.telltale.live.TestFindings.anomaly;
import static dev.telltale.live.TestFindings.ended;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.Changes;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingRetentionTest {

    private static final Duration GAP = Duration.ofMinutes(5);
    private static final Duration AGE = Duration.ofDays(90);

    @TempDir
    private Path directory;

    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private DataDirectory held;
    private SqliteDatabase database;
    private FindingStore store;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
        store = new FindingStore(
                database, Changes.on(database), () -> now, List.of(), new FindingMeters(new SimpleMeterRegistry()));
    }

    @AfterEach
    void close() {
        database.close();
        held.close();
    }

    @Test
    void removesWhatHasBeenOverForLongWithAllThatBelongsToIt() {
        store(List.of(ended(anomaly(1, 1, 0, 1, 2)), anomaly(2, 2, 0, 1, 2)));
        store(List.of(ended(anomaly(3, 3, 500, 501, 2))));
        now = now.plus(AGE);
        closeQuiet();
        run(AGE, 100);
        assertThat(ids()).as("not longer than so").containsExactly(3L, 2L, 1L);
        now = now.plusMillis(1);
        run(AGE, 100);

        assertThat(ids()).as("one is open").containsExactly(2L);
        assertThat(incidents())
                .hasSize(2)
                .first()
                .satisfies(late -> assertThat(late.open()).isFalse());
        assertThat(count("anomaly_part")).isEqualTo(1);
        now = now.plus(AGE);
        run(AGE, 100);
        assertThat(incidents()).as("the one that is open").hasSize(1);
        assertThat(count("incident_series"))
                .as("which still says of what it was")
                .isEqualTo(2);
        assertThat(count("found_series")).isEqualTo(2);
        assertThat(count("incident_news")).isEqualTo(1);
        assertThat(incidents().getFirst().anomalies()).isEqualTo(2);
    }

    @Test
    void removesTheOldestBeyondTheLimit() {
        store(IntStream.rangeClosed(1, 2_500)
                .mapToObj(i -> i == 7 ? anomaly(i, 1, i * 100, i * 100, 2) : ended(anomaly(i, 1, i * 100, i * 100, 2)))
                .toList());
        now = now.plus(GAP);
        closeQuiet();
        run(Duration.ZERO, 10);

        assertThat(ids()).containsExactly(2500L, 2499L, 2498L, 2497L, 2496L, 2495L, 2494L, 2493L, 2492L, 2491L, 7L);
        assertThat(incidents()).hasSize(11);
        assertThat(count("found_series")).isEqualTo(1);
    }

    @Test
    void keepsAllWithinTheLimitIfNoAgeIsSet() {
        store(List.of(ended(anomaly(1, 1, 0, 1, 2))));
        now = now.plus(Duration.ofDays(10_000));
        closeQuiet();
        run(Duration.ZERO, 1);

        assertThat(ids()).containsExactly(1L);
        assertThat(incidents()).hasSize(1);
    }

    private void run(Duration age, int limit) {
        new FindingRetention(database, () -> now, age, limit).run();
    }

    private void store(List<Anomaly> anomalies) {
        List<Anomaly> stored = database.write(connection -> store.store(connection, List.of(), GAP, anomalies));
        assertThat(stored).hasSameSizeAs(anomalies);
    }

    private void closeQuiet() {
        List<Incident> closed = database.write(connection -> store.closeQuiet(connection, now));
        assertThat(closed).isNotEmpty();
    }

    private List<Long> ids() {
        return store.newest(all(), Optional.empty(), Long.MAX_VALUE, 10_000).stream()
                .map(one -> one.anomaly().id())
                .toList();
    }

    private List<Incident> incidents() {
        return store.newestIncidents(all(), Long.MAX_VALUE, 10_000);
    }

    private static FindingFilter all() {
        return FindingFilter.of(null, null, null, null, null, null);
    }

    private long count(String table) {
        return database.<Long>read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT count(*) FROM " + table);
                    ResultSet row = select.executeQuery()) {
                return row.getLong(1);
            }
        });
    }
}
