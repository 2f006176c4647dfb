package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.telltale.database.Database;
import dev.telltale.database.Processes;
import dev.telltale.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log that several processes write.
class AuditTableTest extends AuditLogContract {

    @TempDir
    private Path directory;

    private Processes processes;
    private Database database;

    @BeforeEach
    @Override
    void open() {
        processes = new Processes(directory);
        database = processes.start();
        super.open();
    }

    @AfterEach
    void end() {
        processes.close();
    }

    @Override
    AuditLog opened() {
        return AuditTable.ofChanges(database, FILES * FILE_SIZE, json, meters());
    }

    @Override
    void harm() throws Exception {
        processes
                .postgres()
                .administer("ALTER TABLE audit OWNER TO postgres; GRANT SELECT, DELETE ON audit TO telltale");
    }

    @Override
    void mend() throws Exception {
        processes.postgres().administer("GRANT INSERT ON audit TO telltale");
    }

    @Test
    void isOneOfAllProcessesInTheOrderInWhichLinesWereWritten() throws Exception {
        AuditLog other = AuditTable.ofChanges(processes.start(), FILES * FILE_SIZE, json, meters());
        for (int i = 0; i < 20; i++) {
            (i % 2 == 0 ? log : other).record(event(i));
        }
        assertThat(newest(100).events()).isEqualTo(numbers(0, 20).reversed());
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 20; i < 220; i++) {
                int number = i;
                AuditLog one = i % 2 == 0 ? log : other;
                writers.add(pool.submit(() -> one.record(event(number))));
            }
            List<Long> seen = new ArrayList<>(newest(1_000).events().reversed());
            while (writers.stream().anyMatch(writer -> !writer.isDone())) {
                List<Long> now = newest(1_000).events().reversed();
                assertThat(now).as("nothing comes between what was read").startsWith(seen.toArray(Long[]::new));
                seen = now;
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(newest(1_000).events()).containsExactlyInAnyOrderElementsOf(numbers(0, 220));
        other.close();
    }

    @Test
    void ofRefusalsIsAnotherThatPushesNoChangesOut() throws IOException {
        AuditLog refusals = AuditTable.ofRefusals(database, FILE_SIZE, json, meters());
        log.record(event(1));
        for (int i = 0; i < 3_000; i++) {
            refusals.note(event(i));
        }
        assertThat(newest(100).events()).containsExactly(1L);
        log = refusals;
        List<Long> kept = read(1_000);
        assertThat(kept.reversed()).isEqualTo(numbers(3_000 - kept.size(), 3_000));
        assertThat(kept.size()).isLessThan(1_500);
    }

    @Test
    void aLineWhoseConnectionIsCutIsWrittenBeforeAnyOther() throws Exception {
        log.record(event(1));
        processes
                .postgres()
                .administer("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM pg_sleep(30); RETURN NEW; END';"
                        + " CREATE TRIGGER slow BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION slow()");
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> written = pool.submit(() -> assertThatExceptionOfType(Problem.class)
                    .isThrownBy(() -> log.record(event(2)))
                    .satisfies(problem -> assertThat(problem.type()).isEqualTo(AuditProblem.AUDIT_UNAVAILABLE)));
            while (processes.postgres().number("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                    == 0) {
                Thread.sleep(10);
            }
            processes.postgres().cutConnections();
            written.get();
        }
        processes.postgres().administer("DROP TRIGGER slow ON audit");
        while (!canBeWritten()) {
            Thread.sleep(50);
        }
        log.record(event(3));
        assertThat(newest(10).events()).containsExactly(3L, 2L, 1L);
    }

    private boolean canBeWritten() {
        try {
            log.require();
            return true;
        } catch (Problem problem) {
            return false;
        }
    }

    private static AccessMeters meters() {
        return new AccessMeters(new SimpleMeterRegistry());
    }
}
