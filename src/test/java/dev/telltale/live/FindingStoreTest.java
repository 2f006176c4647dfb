package dev.telltale.live;

import static dev.telltale.live.TestFindings.CPU;
import static dev.telltale.live.TestFindings.DISK;
import static dev.telltale.live.TestFindings.anomaly;
import static dev.telltale.live.TestFindings.by;
import static dev.telltale.live.TestFindings.ended;
import static dev.telltale.live.TestFindings.minute;
import static dev.telltale.live.TestFindings.series;
import static dev.telltale.live.TestFindings.suppressed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.database.Changes;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingStoreTest {

    private static final List<String> RECEIVERS = List.of("pager", "chat");
    private static final Duration GAP = Duration.ofMinutes(5);

    @TempDir
    private Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Incident> heard = new ArrayList<>();
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private int announced;
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
                () -> now,
                List.of(new Listener(), new Listener()),
                new FindingMeters(registry));
    }

    @AfterEach
    void close() {
        database.close();
        held.close();
    }

    private final class Listener implements IncidentListener {

        @Override
        public void changed(Incident incident, Connection connection) throws SQLException {
            assertThat(connection.isValid(1)).isTrue();
            heard.add(incident);
        }

        @Override
        public void stored() {
            announced++;
        }
    }

    @Test
    void idsAscendAndAreNeverGivenAgain() {
        long first = store.nextId();
        long second = store.nextId();
        store(anomaly(second, 1, 0, 0, 2));
        database.write(connection -> connection.createStatement().executeUpdate("DELETE FROM anomaly"));
        restart();

        assertThat(first).isPositive();
        assertThat(second).isGreaterThan(first);
        assertThat(store.nextId()).isGreaterThan(second);
    }

    @Test
    void twoStoresOfOneDatabaseGiveNoIdTwice() {
        FindingStore other = new FindingStore(
                database, Changes.on(database), () -> now, List.of(), new FindingMeters(new SimpleMeterRegistry()));
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            assertThat(ids.add(store.nextId())).isTrue();
            assertThat(ids.add(other.nextId())).isTrue();
        }
    }

    @Test
    void findsWhatIsOfMoreSeriesThanAStatementTakesParameters() {
        Anomaly one = store(anomaly(1, 7, 0, 3, 4)).getFirst();
        database.write(connection -> connection
                .createStatement()
                .executeUpdate("INSERT INTO found_series (id, name, labels) WITH RECURSIVE n (i) AS"
                        + " (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 41000) SELECT i, 'cpu', '{}' FROM n"));

        FindingFilter ofThese = ofSeries("cpu");
        assertThat(store.newest(ofThese, Optional.empty(), Long.MAX_VALUE, 10))
                .extracting(JudgedAnomaly::anomaly)
                .containsExactly(one);
        assertThat(store.newestIncidents(ofThese, Long.MAX_VALUE, 10)).containsExactly(incident(one));
        assertThat(store.newsAfter(0, ofThese, 10).changes()).hasSize(1);
        for (String none : List.of("cpu{instance=\"\"}", "disk", "{__name__=\"\\x00\"}", "9")) {
            assertThat(store.newest(ofSeries(none), Optional.empty(), Long.MAX_VALUE, 10))
                    .as(none)
                    .isEmpty();
            assertThat(store.newsAfter(0, ofSeries(none), 10).changes())
                    .as(none)
                    .isEmpty();
        }
    }

    private static FindingFilter ofSeries(String reference) {
        return FindingFilter.of(reference, null, null, null, null, null);
    }

    @Test
    void anAnomalyBeginsAnIncident() {
        Anomaly stored = store(anomaly(1, 7, 0, 3, 4)).getFirst();
        Incident incident = incident(stored);

        assertThat(stored).isEqualTo(anomaly(1, 7, 0, 3, 4).in(stored.incident()));
        assertThat(store.find(1).orElseThrow().anomaly()).isEqualTo(stored);
        assertThat(incident)
                .isEqualTo(new Incident(
                        incident.id(),
                        CPU,
                        true,
                        minute(0),
                        minute(3),
                        minute(3),
                        4,
                        List.of(new Incident.Involved(series(7), 4, 1)),
                        1,
                        RECEIVERS));
        assertThat(heard).containsExactly(incident, incident);
        assertThat(announced).isZero();
        store.announceStored();
        assertThat(announced).isEqualTo(2);
    }

    @Test
    void anomaliesWithinTheGapBelongTogetherAndOthersDoNot() {
        Anomaly first = store(ended(anomaly(1, 1, 0, 10, 2))).getFirst();
        Anomaly within = store(ended(anomaly(2, 2, 15, 20, 3))).getFirst();
        Anomaly overlapping = store(ended(anomaly(3, 3, 12, 13, 3))).getFirst();
        Anomaly before = store(ended(anomaly(4, 3, -9, -5, 3))).getFirst();
        Anomaly later = store(ended(anomaly(5, 2, 26, 26, 3))).getFirst();
        Anomaly longBefore = store(ended(anomaly(6, 2, -20, -15, 3))).getFirst();

        assertThat(List.of(within, overlapping, before))
                .extracting(Anomaly::incident)
                .containsOnly(first.incident());
        assertThat(Set.of(first.incident(), later.incident(), longBefore.incident()))
                .hasSize(3);
        Incident incident = incident(first);
        assertThat(incident.start()).isEqualTo(minute(-9));
        assertThat(incident.end()).isEqualTo(minute(20));
        assertThat(incident.anomalies()).isEqualTo(4);
        assertThat(incident.seriesCount()).isEqualTo(3);
    }

    @Test
    void anomaliesOfOneCallBelongTogetherInWhateverOrderTheyCome() {
        List<Anomaly> stored =
                store(anomaly(1, 1, 8, 9, 2), anomaly(2, 2, 0, 1, 2), anomaly(3, 3, 4, 5, 2), anomaly(4, 4, 30, 30, 2));

        assertThat(stored).extracting(Anomaly::id).containsExactly(1L, 2L, 3L, 4L);
        assertThat(stored.subList(0, 3))
                .extracting(Anomaly::incident)
                .containsOnly(stored.getFirst().incident());
        assertThat(stored.get(3).incident()).isNotEqualTo(stored.getFirst().incident());
        assertThat(heard).as("two incidents, two listeners").hasSize(4);
    }

    @Test
    void whatBeginsMayBelongToWhereAnotherHasGotToInTheSameCall() {
        store(anomaly(1, 1, 0, 1, 2));
        List<Anomaly> stored = store(anomaly(2, 2, 14, 14, 2), anomaly(1, 1, 0, 10, 2));

        assertThat(stored.getFirst().incident()).isEqualTo(stored.getLast().incident());
    }

    @Test
    void incidentsOfTwoDetectorsStayApart() {
        Anomaly one = store(anomaly(1, 1, 0, 1, 2)).getFirst();
        Anomaly other = store(by(DISK, anomaly(2, 1, 0, 1, 2))).getFirst();

        assertThat(incident(one).detector()).isEqualTo(CPU);
        assertThat(incident(other).detector()).isEqualTo(DISK);
        assertThat(other.incident()).isNotEqualTo(one.incident());
        assertThat(store.open(CPU)).containsExactly(one);
        assertThat(store.open(DISK)).containsExactly(other);
    }

    @Test
    void growthMovesTheEndAndRaisesThePeak() {
        store(anomaly(1, 1, 0, 1, 2), anomaly(2, 2, 0, 1, 6));
        heard.clear();
        Anomaly grown = store(anomaly(1, 1, 0, 4, 10)).getFirst();

        Incident incident = incident(grown);
        assertThat(incident.end()).isEqualTo(minute(4));
        assertThat(incident.peakTime()).isEqualTo(minute(4));
        assertThat(incident.peakScore()).isEqualTo(10);
        assertThat(incident.anomalies()).isEqualTo(2);
        assertThat(incident.series())
                .containsExactly(
                        new Incident.Involved(series(1), 10, 10.0 / 16), new Incident.Involved(series(2), 6, 6.0 / 16));
        assertThat(heard).containsExactly(incident, incident);
    }

    @Test
    void listenersHearOnlyOfWhatSomebodyWouldSee() {
        store(anomaly(1, 1, 0, 1, 2));
        heard.clear();
        store(anomaly(1, 1, 0, 1, 2));
        assertThat(heard).as("the same again").isEmpty();
        store(ended(anomaly(1, 1, 0, 1, 2)));
        assertThat(heard).as("over, yet the incident may go on").isEmpty();
        store(anomaly(2, 1, 2, 2, 1.5));
        assertThat(heard).as("one more").hasSize(2);
    }

    @Test
    void theSeriesOfOneAnomalyShareItsScore() {
        List<Anomaly.Part> parts = List.of(
                new Anomaly.Part(series(1), OptionalDouble.of(0.25)),
                new Anomaly.Part(series(2), OptionalDouble.of(0.75)));
        Incident incident = incident(store(anomaly(1, parts, 0, 0, 8)).getFirst());

        assertThat(incident.series())
                .containsExactly(new Incident.Involved(series(2), 8, 0.75), new Incident.Involved(series(1), 8, 0.25));
    }

    @Test
    void theSharesAtAPeakAreThoseOfTheHighest() {
        store(anomaly(1, List.of(part(1, 0.9), part(2, 0.1)), 0, 0, 2));
        store(anomaly(1, List.of(part(1, 0.2), part(2, 0.8)), 0, 1, 8));

        assertThat(store.find(1).orElseThrow().anomaly().parts()).containsExactly(part(1, 0.2), part(2, 0.8));
    }

    @Test
    void whatIsSuppressedHasNoIncident() {
        Anomaly silent = store(suppressed(Anomaly.Suppression.SILENCE, anomaly(1, 1, 0, 1, 2)))
                .getFirst();
        Anomaly muted = store(suppressed(Anomaly.Suppression.FEEDBACK, anomaly(2, 1, 0, 1, 2)))
                .getFirst();

        assertThat(silent.incident()).isEmpty();
        assertThat(muted.incident()).isEmpty();
        assertThat(heard).isEmpty();
        assertThat(store.open(CPU)).containsExactly(muted, silent);
        assertThat(registry.get("telltale.suppressed.anomalies")
                        .tag("reason", "silence")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("telltale.anomalies")
                        .tag("kind", "score")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void whatIsSuppressedLaterLeavesItsIncidentAndComesBackToIt() {
        Anomaly stays = store(anomaly(1, 1, 0, 9, 2)).getFirst();
        Anomaly leaves = store(anomaly(2, 2, 0, 12, 5)).getFirst();
        Anomaly left = store(suppressed(Anomaly.Suppression.SILENCE, anomaly(2, 2, 0, 13, 5)))
                .getFirst();
        Incident without = incident(stays);

        assertThat(left.incident()).isEmpty();
        assertThat(without.anomalies()).isEqualTo(1);
        assertThat(without.end()).isEqualTo(minute(9));
        assertThat(without.peakScore()).isEqualTo(2);
        assertThat(without.series()).containsExactly(new Incident.Involved(series(1), 2, 1));

        Anomaly back = store(anomaly(2, 2, 0, 14, 5)).getFirst();
        assertThat(back.incident()).isEqualTo(leaves.incident());
        assertThat(incident(back).anomalies()).isEqualTo(2);
        assertThat(incident(back).end()).isEqualTo(minute(14));
    }

    @Test
    void anIncidentWithNothingOpenIsClosedOnceItHasBeenQuietForItsGap() {
        Anomaly open = store(anomaly(1, 1, 0, 1, 2)).getFirst();
        now = now.plus(Duration.ofHours(1));
        assertThat(closeQuiet()).as("its anomaly may go on").isEmpty();
        store(ended(anomaly(1, 1, 0, 1, 2)));
        now = now.plus(GAP).minusMillis(1);
        assertThat(closeQuiet()).as("another may follow").isEmpty();
        heard.clear();
        now = now.plusMillis(1);
        List<Incident> closed = closeQuiet();

        assertThat(closed).containsExactly(incident(open));
        assertThat(closed.getFirst().open()).isFalse();
        assertThat(closed.getFirst().end()).isEqualTo(minute(1));
        assertThat(heard).containsExactly(closed.getFirst(), closed.getFirst());
        assertThat(closeQuiet()).as("once").isEmpty();
    }

    @Test
    void afterAClosedIncidentAnotherBegins() {
        Anomaly first = store(ended(anomaly(1, 1, 0, 1, 2))).getFirst();
        now = now.plus(GAP);
        closeQuiet();
        Anomaly second = store(anomaly(2, 1, 2, 2, 2)).getFirst();

        assertThat(second.incident()).isNotEqualTo(first.incident());
    }

    @Test
    void anAnomalyThatGoesOnAfterAllOpensItsIncidentAgain() {
        Anomaly first = store(ended(anomaly(1, 1, 0, 1, 2))).getFirst();
        now = now.plus(GAP);
        closeQuiet();
        Anomaly again = store(anomaly(1, 1, 0, 2, 2)).getFirst();

        assertThat(again.incident()).isEqualTo(first.incident());
        assertThat(incident(again).open()).isTrue();
    }

    @Test
    void anIncidentKeepsTheGapAndReceiversOfTheLastCall() {
        Anomaly one = store(ended(anomaly(1, 1, 0, 1, 2))).getFirst();
        database.write(connection -> store.store(
                connection, List.of("mail"), Duration.ofMinutes(60), List.of(ended(anomaly(2, 1, 3, 3, 2)))));
        now = now.plus(Duration.ofMinutes(59));

        assertThat(closeQuiet()).isEmpty();
        now = now.plus(Duration.ofMinutes(1));
        assertThat(closeQuiet()).hasSize(1);
        assertThat(incident(one).receivers()).containsExactly("mail");
    }

    @Test
    void aRestartChangesNothing() {
        List<Anomaly> stored = store(anomaly(1, 1, 0, 1, 2), ended(anomaly(2, 2, 0, 1, 3)));
        Incident incident = incident(stored.getFirst());
        restart();

        assertThat(store.open(CPU)).containsExactly(stored.getFirst());
        assertThat(store.find(2).orElseThrow().anomaly()).isEqualTo(stored.getLast());
        assertThat(incident(stored.getFirst())).isEqualTo(incident);
        Anomaly grown = store(anomaly(1, 1, 0, 5, 9)).getFirst();
        assertThat(grown.incident()).isEqualTo(stored.getFirst().incident());
        assertThat(incident(grown).anomalies()).isEqualTo(2);
        now = now.plus(GAP);
        assertThat(closeQuiet()).isEmpty();
    }

    @Test
    void aDeletedDetectorLeavesNothingOpen() {
        Anomaly one = store(anomaly(1, 1, 0, 1, 2)).getFirst();
        Anomaly other = store(by(DISK, anomaly(2, 1, 0, 1, 2))).getFirst();
        heard.clear();
        database.write(connection -> {
            store.forget(connection, CPU);
            return null;
        });

        assertThat(store.open(CPU)).isEmpty();
        assertThat(incident(one).open()).isFalse();
        assertThat(heard).containsExactly(incident(one), incident(one));
        assertThat(store.find(1).orElseThrow().anomaly().open()).isFalse();
        assertThat(incident(other).open()).isTrue();
    }

    @Test
    void aTransactionThatFailsLeavesNothing() {
        assertThatThrownBy(() -> database.write(connection -> {
                    store.store(connection, RECEIVERS, GAP, List.of(anomaly(1, 1, 0, 1, 2)));
                    throw new IllegalStateException("the scores could not be stored");
                }))
                .hasMessageContaining("the scores");

        assertThat(store.find(1)).isEmpty();
        assertThat(store(anomaly(1, 1, 0, 1, 2)).getFirst().incident()).isPresent();
    }

    @Test
    void aTimeWithoutDataIsKeptAsItIs() {
        Anomaly given = new Anomaly(
                1,
                Optional.empty(),
                CPU,
                Anomaly.Kind.NO_DATA,
                List.of(new Anomaly.Part(series(3), OptionalDouble.empty())),
                minute(0),
                minute(20),
                true,
                new Anomaly.Peak(minute(20), 1, OptionalDouble.empty(), OptionalDouble.empty()),
                Optional.empty(),
                Optional.empty());
        Anomaly stored = store(given).getFirst();

        assertThat(store.open(CPU)).containsExactly(given.in(stored.incident()));
        assertThat(incident(stored).series()).containsExactly(new Incident.Involved(series(3), 1, 1));
    }

    @Test
    void aStormIsOneIncidentOfWhichEachListenerHearsOnce() {
        int many = 10_000;
        List<Anomaly> storm = IntStream.rangeClosed(1, many)
                .mapToObj(i -> anomaly(i, i, 0, 0, 1 + i / 1000.0))
                .toList();
        List<Anomaly> stored = store(storm);

        Incident incident = incident(stored.getFirst());
        assertThat(heard).containsExactly(incident, incident);
        assertThat(incident.anomalies()).isEqualTo(many);
        assertThat(incident.seriesCount()).isEqualTo(many);
        assertThat(incident.series()).hasSize(100);
        assertThat(incident.series().getFirst().series()).isEqualTo(series(many));
        assertThat(incident.series().getLast().series()).isEqualTo(series(many - 99));
        double sum = storm.stream().mapToDouble(one -> one.peak().score()).sum();
        assertThat(incident.series().getFirst().contribution()).isCloseTo(11 / sum, within(1e-12));
        assertThat(store.open(CPU)).hasSize(many);

        heard.clear();
        store(IntStream.rangeClosed(1, many)
                .mapToObj(i -> ended(anomaly(i, i, 0, 1, 1 + i / 1000.0)))
                .toList());
        assertThat(heard).hasSize(2);
        assertThat(incident(stored.getFirst()).end()).isEqualTo(minute(1));
        assertThat(store.open(CPU)).isEmpty();
    }

    /// Against the plainest grouping: anomalies come in the order of their starts, each is over at once.
    @Test
    void groupsAsAPlainLoopDoes() {
        Random random = new Random(11);
        for (int round = 0; round < 20; round++) {
            DetectorName detector = new DetectorName("round-" + round);
            int start = 0;
            int end = Integer.MIN_VALUE / 2;
            int groups = 0;
            Set<Long> incidents = new HashSet<>();
            for (int i = 0; i < 30; i++) {
                start += random.nextInt(8);
                int length = random.nextInt(4);
                groups += start - end > 5 ? 1 : 0;
                end = Math.max(end, start + length);
                Anomaly one = by(detector, ended(anomaly(store.nextId(), i % 3 + 1, start, start + length, 2)));
                incidents.add(store(one).getFirst().incident().orElseThrow());
            }
            assertThat(incidents).hasSize(groups);
        }
    }

    private List<Anomaly> store(Anomaly... anomalies) {
        return store(List.of(anomalies));
    }

    private List<Anomaly> store(List<Anomaly> anomalies) {
        return database.write(connection -> store.store(connection, RECEIVERS, GAP, anomalies));
    }

    private List<Incident> closeQuiet() {
        return database.write(connection -> store.closeQuiet(connection, now));
    }

    private Incident incident(Anomaly anomaly) {
        return store.incident(anomaly.incident().orElseThrow()).orElseThrow();
    }

    private void restart() {
        close();
        open();
    }

    private static Anomaly.Part part(long series, double contribution) {
        return new Anomaly.Part(series(series), OptionalDouble.of(contribution));
    }
}
