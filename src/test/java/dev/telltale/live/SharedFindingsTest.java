package dev.telltale.live;

import static dev.telltale.live.TestFindings.CPU;
import static dev.telltale.live.TestFindings.DISK;
import static dev.telltale.live.TestFindings.anomaly;
import static dev.telltale.live.TestFindings.by;
import static dev.telltale.live.TestFindings.ended;
import static dev.telltale.live.TestFindings.suppressed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.telltale.database.Changes;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Lease;
import dev.telltale.database.Leases;
import dev.telltale.database.Processes;
import dev.telltale.database.Pulse;
import dev.telltale.database.Replicas;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.http.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What detectors of several processes on one database find, and the one that makes incidents of it.
class SharedFindingsTest {

    private static final List<String> RECEIVERS = List.of("pager");
    private static final Duration GAP = Duration.ofMinutes(5);
    private static final FindingFilter ALL = FindingFilter.of(null, null, null, null, null, null);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Processes processes;
    private final List<Member> started = new ArrayList<>();
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");

    /// A process as far as findings go.
    private final class Member {

        private final Database real = processes.start();
        private final FaultyDatabase database = new FaultyDatabase(real);
        private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
        private final Replicas replicas = Replicas.on(real, "test");
        private final Leases leases = Leases.on(real, replicas);
        private final Lease lease = leases.lease("findings");
        private final Changes changes = Changes.on(real);
        private final FindingStore store =
                new FindingStore(database, changes, () -> now, List.of(), new FindingMeters(registry));
        private final FindingMerger merger = new FindingMerger(database, lease, store);

        private final List<Pulse> looks = new ArrayList<>();

        Member() {
            started.add(this);
        }

        /// The same once it has the lease.
        Member holding() throws InterruptedException {
            until("it has the lease", lease::isHeld);
            return this;
        }

        void startMerging() {
            looks.add(Pulse.atOnce("merger", Duration.ofMillis(50), merger::look));
        }

        /// As a pulse does, which is not ended by a failure.
        void tryToMerge() {
            try {
                merger.look();
            } catch (RuntimeException cut) {
                // it is tried again
            }
        }

        /// Stores what a detector of this process found, as one does.
        void finds(Anomaly... anomalies) {
            database.writeAlone(connection -> store.store(connection, RECEIVERS, GAP, List.of(anomalies)));
        }

        List<Incident> incidents() {
            return store.newestIncidents(ALL, Long.MAX_VALUE, 1_000);
        }

        List<Anomaly> anomalies() {
            return store.newest(ALL, Optional.empty(), Long.MAX_VALUE, 1_000).stream()
                    .map(JudgedAnomaly::anomaly)
                    .toList();
        }
    }

    @BeforeEach
    void open() {
        processes = new Processes(directory.resolve("processes"));
    }

    @AfterEach
    void close() {
        for (Member process : started) {
            process.looks.forEach(Pulse::close);
            process.changes.close();
            process.leases.close();
            process.replicas.close();
        }
        processes.close();
    }

    @Test
    void whatThreeProcessesFindBecomesTheSameIncidentsAsIfOneHadStoredIt() throws Exception {
        List<Member> all = List.of(new Member(), new Member(), new Member());
        Member holder = all.get(0).holding();
        detectors(holder);
        try (Alone alone = new Alone()) {
            Random random = new Random(7);
            Calls calls = new Calls(random);
            for (int i = 0; i < 400; i++) {
                List<Anomaly> call = calls.next(all.get(random.nextInt(3)).store::nextId);
                alone.finds(call);
                all.get(random.nextInt(3)).finds(call.toArray(Anomaly[]::new));
                if (random.nextInt(5) == 0) {
                    holder.merger.look();
                }
                if (random.nextInt(20) == 0) {
                    holder.merger.look(); // or what it merges later had changed later
                    now = now.plus(GAP);
                    alone.database.write(connection -> alone.store.closeQuiet(connection, now));
                    holder.database.write(connection -> holder.store.closeUpToDate(connection, now));
                }
            }
            holder.merger.look();
            assertThat(waiting()).isZero();
            assertThat(incidents(holder.store))
                    .isEqualTo(incidents(alone.store))
                    .hasSizeGreaterThan(20);
            assertThat(anomalies(holder.store))
                    .isEqualTo(anomalies(alone.store))
                    .hasSizeGreaterThan(100);
            assertThat(count(holder.registry)).isPositive();
            assertThat(numbers())
                    .as("each change has a number of its own")
                    .doesNotHaveDuplicates()
                    .hasSameSizeAs(holder.store.newestIncidents(ALL, Long.MAX_VALUE, 1_000));
        }
    }

    @Test
    void whereverTheMergeIsCutShortNothingIsLostOrMergedTwice() throws Exception {
        Member one = new Member().holding();
        detectors(one);
        try (Alone alone = new Alone()) {
            Calls calls = new Calls(new Random(11));
            boolean isThrough = false;
            int cut = 0;
            for (int statements = 0; !isThrough; statements++) {
                for (int i = 0; i < 3; i++) {
                    List<Anomaly> call = calls.next(one.store::nextId);
                    alone.finds(call);
                    one.finds(call.toArray(Anomaly[]::new));
                }
                boolean cutsConnection = statements % 8 == 7;
                cut += cutsConnection ? 1 : 0;
                one.database.failAfter(statements, cutsConnection);
                one.tryToMerge();
                isThrough = one.database.failedBeforeCommit();
                until("it is merged", () -> {
                    one.tryToMerge();
                    return waiting() == 0;
                });
                assertThat(incidents(one.store))
                        .as("after %d statements", statements)
                        .isEqualTo(incidents(alone.store));
                assertThat(anomalies(one.store)).isEqualTo(anomalies(alone.store));
            }
            assertThat(cut).as("also by the server").isPositive();
            assertThat(count(one.registry)).isEqualTo(count(alone.registry));
        }
    }

    @Test
    void anotherGoesOnWhereOneEndsWithoutAWord() throws Exception {
        Member one = new Member().holding();
        Member other = new Member();
        detectors(one);
        one.startMerging();
        other.startMerging();
        other.finds(anomaly(1, 1, 0, 1, 2));
        until("the first merges", () -> other.incidents().size() == 1);

        one.real.close();
        other.finds(anomaly(1, 1, 0, 2, 3), by(DISK, anomaly(2, 2, 0, 1, 2)));

        until("the other merges", () -> other.incidents().size() == 2);
        assertThat(other.lease.isHeld()).isTrue();
        assertThat(other.anomalies())
                .extracting(Anomaly::id, Anomaly::end)
                .containsExactlyInAnyOrder(tuple(1L, TestFindings.minute(2)), tuple(2L, TestFindings.minute(1)));
        assertThat(waiting()).isZero();
    }

    @Test
    void whoHasLostTheLeaseStoresNothing() throws Exception {
        Member one = new Member().holding();
        detectors(one);
        one.finds(anomaly(1, 1, 0, 1, 2));
        processes
                .postgres()
                .administer("UPDATE lease SET owner = 'another', token = token + 1, until = clock_timestamp()"
                        + " + interval '1 hour'");
        assertThat(one.lease.isHeld()).as("it does not know yet").isTrue();

        one.merger.look();

        assertThat(waiting()).isEqualTo(1);
        assertThat(one.incidents()).isEmpty();
    }

    @Test
    void aThirdProcessHearsOfEachChangeOnce() throws Exception {
        Member holder = new Member().holding();
        Member lane = new Member();
        Member third = new Member();
        detectors(holder);
        holder.startMerging();
        Events events = new Events();
        Thread reader = Thread.ofVirtual()
                .start(() -> new IncidentStream(third.store, new Json(), System::nanoTime).write(ALL, "", events));
        int expected = 0;
        for (int i = 1; i <= 6; i++) {
            int end = i;
            lane.finds(anomaly(1, 1, 0, end, 2));
            expected++;
            int count = expected;
            until("it hears of change " + i, () -> events.ids().size() >= count);
        }
        lane.finds(by(DISK, anomaly(2, 2, 0, 1, 2)), ended(anomaly(1, 1, 0, 6, 2)));
        until("it hears of another incident", () -> events.ids().size() >= 7);
        third.store.news().end();
        reader.join();

        assertThat(events.ids()).isSorted().doesNotHaveDuplicates();
        assertThat(events.text()).contains("disk-watch");
    }

    @Test
    void aDetectorThatMovesSeesWhatIsStillToBeMerged() throws Exception {
        Member one = new Member().holding();
        Member other = new Member();
        detectors(one);
        one.finds(anomaly(1, 1, 0, 1, 2), anomaly(2, 2, 0, 1, 2), anomaly(3, 3, 0, 1, 2));
        one.merger.look();
        one.database.write(connection -> {
            one.store.judge(connection, 1, new Feedback(false, Optional.empty(), 0));
            return true;
        });
        one.finds(anomaly(1, 1, 0, 4, 5), ended(anomaly(2, 2, 0, 1, 2)));
        one.finds(anomaly(4, 4, 3, 4, 2), by(DISK, anomaly(5, 5, 3, 4, 2)));
        one.finds(anomaly(4, 4, 3, 6, 2));

        List<Anomaly> open = other.store.open(CPU);

        assertThat(open).extracting(Anomaly::id).containsExactly(4L, 3L, 1L);
        assertThat(open.get(0)).isEqualTo(anomaly(4, 4, 3, 6, 2));
        assertThat(open.get(1)).isEqualTo(anomaly(3, 3, 0, 1, 2).in(open.get(1).incident()));
        assertThat(open.get(1).incident()).isPresent();
        assertThat(open.get(2).end()).isEqualTo(TestFindings.minute(4));
        assertThat(open.get(2).feedback()).contains(false);
        assertThat(open.get(2).suppressed()).contains(Anomaly.Suppression.FEEDBACK);
        one.merger.look();
        assertThat(other.store.open(CPU)).extracting(Anomaly::id).containsExactly(4L, 3L, 1L);
        assertThat(other.store.open(CPU).get(0).end()).isEqualTo(TestFindings.minute(6));
    }

    @Test
    void whatCannotBeMergedIsSetAsideAndTheOthersGoOn() throws Exception {
        Member one = new Member().holding();
        detectors(one);
        one.finds(anomaly(1, 1, 0, 1, 2));
        processes
                .postgres()
                .administer("INSERT INTO finding_inbox (detector, receivers, gap_ms, anomalies)"
                        + " VALUES ('cpu-watch', '[]', 60000, 'broken')");
        one.finds(anomaly(1, 1, 0, 2, 3), by(DISK, anomaly(2, 2, 0, 1, 2)));

        one.merger.look();
        assertThat(one.anomalies())
                .as("what came before, and what others found")
                .extracting(Anomaly::id, Anomaly::end)
                .containsExactly(tuple(2L, TestFindings.minute(1)), tuple(1L, TestFindings.minute(1)));
        assertThat(one.store.open(CPU)).extracting(Anomaly::end).containsExactly(TestFindings.minute(2));
        for (int i = 0; i < 5; i++) {
            one.merger.look();
        }
        assertThat(one.store.find(1).orElseThrow().anomaly().end()).isEqualTo(TestFindings.minute(2));
        assertThat(one.store.countWaiting()).as("it is kept").isEqualTo(1);

        // What comes later of the same anomaly is newer; what nobody knew is taken.
        String late = KeptAnomaly.write(List.of(anomaly(1, 1, 0, 1, 9), ended(anomaly(3, 3, 0, 4, 2))));
        one.database.writeAlone(connection -> {
            try (var update = connection.prepareStatement("UPDATE finding_inbox SET anomalies = ?")) {
                update.setString(1, late);
                return update.executeUpdate();
            }
        });
        assertThat(one.store.open(CPU)).extracting(Anomaly::end).containsExactly(TestFindings.minute(2));
        one.leases.close();
        Member other = new Member().holding();
        until("it is merged by the next", () -> {
            other.merger.look();
            return waiting() == 0;
        });
        assertThat(other.store.find(1).orElseThrow().anomaly().peak().score()).isEqualTo(3);
        assertThat(other.store.find(3).orElseThrow().anomaly().incident()).isPresent();
    }

    @Test
    void nothingStaysOpenOfADetectorThatIsDeleted() throws Exception {
        Member one = new Member().holding();
        Member other = new Member();
        detectors(one);
        one.finds(anomaly(1, 1, 0, 1, 2));
        one.merger.look();
        one.finds(anomaly(1, 1, 0, 3, 2), anomaly(2, 2, 0, 3, 2));

        other.database.write(connection -> {
            other.store.forget(connection, CPU);
            return delete(connection, CPU);
        });

        assertThat(waiting()).isZero();
        assertThat(one.anomalies())
                .hasSize(2)
                .noneMatch(Anomaly::open)
                .allMatch(it -> it.incident().isPresent());
        assertThat(one.anomalies()).extracting(Anomaly::end).containsOnly(TestFindings.minute(3));
        assertThat(one.incidents()).hasSize(1).noneMatch(Incident::open);

        one.finds(anomaly(3, 3, 4, 5, 2)); // as if it had been under way
        one.merger.look();
        assertThat(one.anomalies()).hasSize(3).noneMatch(Anomaly::open);
        assertThat(one.incidents()).noneMatch(Incident::open);
    }

    @Test
    void quietIncidentsAreClosedByTheHolderAloneAfterWhatWaitsIsMerged() throws Exception {
        Member one = new Member().holding();
        Member other = new Member();
        detectors(one);
        one.finds(ended(anomaly(1, 1, 0, 1, 2)));
        one.merger.look();
        now = now.plus(GAP).plus(GAP);
        one.finds(anomaly(2, 2, 2, 3, 2));
        IncidentCloser idle = new IncidentCloser(other.database, other.lease, other.store, () -> now);
        IncidentCloser closer = new IncidentCloser(one.database, one.lease, one.store, () -> now);
        try (Pulse _ = Pulse.atOnce("idle", Duration.ofMillis(50), idle::look);
                Pulse _ = Pulse.atOnce("closer", Duration.ofMillis(50), closer::look)) {
            until("what waits is merged", () -> waiting() == 0);
            assertThat(one.incidents()).hasSize(1).allMatch(Incident::open).allMatch(it -> it.anomalies() == 2);
            one.finds(ended(anomaly(2, 2, 2, 3, 2)));
            one.merger.look();
            now = now.plus(GAP).plus(GAP);
            until("it is closed", () -> one.incidents().stream().noneMatch(Incident::open));
        }
    }

    @Test
    void idsOfAnomaliesAreGivenOnce() {
        Member one = new Member();
        Member other = new Member();
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            assertThat(ids.add(one.store.nextId())).isTrue();
            assertThat(ids.add(other.store.nextId())).isTrue();
        }
    }

    /// A store that is alone with its database.
    private final class Alone implements AutoCloseable {

        private final DataDirectory held = DataDirectory.open(directory.resolve("alone"));
        private final SqliteDatabase database = SqliteDatabase.open(held);
        private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
        private final FindingStore store =
                new FindingStore(database, Changes.on(database), () -> now, List.of(), new FindingMeters(registry));

        void finds(List<Anomaly> anomalies) {
            database.write(connection -> store.store(connection, RECEIVERS, GAP, anomalies));
        }

        @Override
        public void close() {
            database.close();
            held.close();
        }
    }

    /// What detectors find, at random: anomalies of some series begin, grow, end and are suppressed.
    private static final class Calls {

        private final Random random;
        private final Map<DetectorName, Map<Long, Anomaly>> open = new HashMap<>();
        private int minute;

        Calls(Random random) {
            this.random = random;
        }

        List<Anomaly> next(LongSupplier ids) {
            DetectorName detector = random.nextBoolean() ? CPU : DISK;
            Map<Long, Anomaly> mine = open.computeIfAbsent(detector, _ -> new HashMap<>());
            minute += random.nextInt(4);
            List<Anomaly> call = new ArrayList<>();
            for (long series = 1; series <= 4; series++) {
                Anomaly goesOn = mine.get(series);
                if (random.nextInt(3) > 0) {
                    continue;
                }
                double score = 1 + random.nextInt(16) / 4.0; // so that sums are exact in any order
                if (goesOn == null) {
                    Anomaly begun = by(detector, anomaly(ids.getAsLong(), series, minute, minute, score));
                    call.add(random.nextInt(6) == 0 ? suppressed(Anomaly.Suppression.SILENCE, begun) : begun);
                    mine.put(series, call.getLast());
                } else if (random.nextBoolean()) {
                    call.add(ended(goesOn));
                    mine.remove(series);
                } else {
                    int start = (int) ((goesOn.start() - TestFindings.minute(0)) / 60_000);
                    Anomaly grown = by(detector, anomaly(goesOn.id(), series, start, minute, score));
                    call.add(goesOn.suppressed()
                            .map(why -> suppressed(why, grown))
                            .orElse(grown));
                    mine.put(series, call.getLast());
                }
            }
            return call;
        }
    }

    /// What a stream has written.
    private static final class Events extends ByteArrayOutputStream {

        String text() {
            return toString(StandardCharsets.UTF_8);
        }

        List<Long> ids() {
            return text().lines()
                    .filter(line -> line.startsWith("id: "))
                    .map(line -> Long.parseLong(line.substring(4)))
                    .toList();
        }
    }

    private static void detectors(Member process) {
        process.real.write(connection -> {
            for (DetectorName name : List.of(CPU, DISK)) {
                try (Statement statement = connection.createStatement()) {
                    statement.executeUpdate("INSERT INTO detector (name, specification) VALUES ('" + name + "', '{}')");
                }
            }
            return true;
        });
    }

    private static boolean delete(Connection connection, DetectorName name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("DELETE FROM detector WHERE name = '" + name + "'") == 1;
        }
    }

    private long waiting() {
        try {
            return processes.postgres().number("SELECT count(*) FROM finding_inbox");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Long> numbers() {
        return started.getFirst().store.newsAfter(0, ALL, 10_000).changes().stream()
                .map(IncidentReader.Change::id)
                .toList();
    }

    /// The incidents by their places, since another database gives other ids.
    private static List<Incident> incidents(FindingStore store) {
        List<Incident> found = new ArrayList<>();
        for (Incident one : store.newestIncidents(ALL, Long.MAX_VALUE, 10_000)) {
            found.add(new Incident(
                    found.size(),
                    one.detector(),
                    one.open(),
                    one.start(),
                    one.end(),
                    one.peakTime(),
                    one.peakScore(),
                    one.series(),
                    one.seriesCount(),
                    one.anomalies(),
                    one.receivers()));
        }
        return found;
    }

    /// Anomalies with the places of their incidents in place of ids.
    private static List<Anomaly> anomalies(FindingStore store) {
        List<Long> incidents = store.newestIncidents(ALL, Long.MAX_VALUE, 10_000).stream()
                .map(Incident::id)
                .toList();
        return store.newest(ALL, Optional.empty(), Long.MAX_VALUE, 10_000).stream()
                .map(JudgedAnomaly::anomaly)
                .map(one -> one.in(one.incident().map(id -> (long) incidents.indexOf(id))))
                .toList();
    }

    private static double count(SimpleMeterRegistry registry) {
        return registry.get("telltale.anomalies").tag("kind", "score").counter().count();
    }

    private static void until(String what, BooleanSupplier isSo) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!isSo.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            Thread.sleep(50);
        }
    }
}
