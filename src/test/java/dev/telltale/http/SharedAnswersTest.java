package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Postgres;
import dev.telltale.database.Processes;
import dev.telltale.database.Replicas;
import dev.telltale.problem.Problem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Answers of processes that share a database.
class SharedAnswersTest {

    private static final String KEY = "key:a\nfirst";
    private static final KeptAnswer ANSWER = new KeptAnswer("f", 201, Map.of("Location", "/x"), new byte[] {1, 2});

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    private Path directory;

    private Processes processes;
    private final List<Member> members = new ArrayList<>();
    private Member one;
    private Member other;

    private final class Member {

        private final Database database = processes.start();
        private final Replicas replicas = Replicas.on(database, "test");
        private final AnswerTable answers = new AnswerTable(database, new Json(), now::get, replicas);

        Member() {
            members.add(this);
        }

        AnswerTable.Claim claim() {
            return answers.claim(KEY);
        }
    }

    @BeforeEach
    void open() {
        processes = new Processes(directory);
        one = new Member();
        other = new Member();
    }

    @AfterEach
    void close() {
        members.forEach(member -> {
            member.answers.close();
            member.replicas.close();
        });
        processes.close();
    }

    @Test
    void aRequestThatIsUnderWayIsNotBegunByAnother() {
        assertThat(one.claim()).isInstanceOf(AnswerTable.Claim.Granted.class);
        assertThat(other.claim()).isInstanceOf(AnswerTable.Claim.Running.class);
        assertThat(other.answers.find(KEY)).isEmpty();
        one.answers.keep(KEY, ANSWER);
        assertDone(other.claim());
        assertDone(one.claim());
    }

    @Test
    void ofManyWhoBeginAtOnceOneDoes() throws Exception {
        new Member();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 10; round++) {
                String key = "key-" + round;
                List<Future<AnswerTable.Claim>> claims = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    Member member = members.get(i % members.size());
                    claims.add(threads.submit(() -> member.answers.claim(key)));
                }
                int granted = 0;
                for (Future<AnswerTable.Claim> claim : claims) {
                    granted += claim.get() instanceof AnswerTable.Claim.Granted ? 1 : 0;
                }
                // Those of the process that began it are told apart by its filter.
                assertThat(granted).isBetween(1, 4);
                assertThat(processes
                                .postgres()
                                .number("SELECT count(DISTINCT owner) FROM answer WHERE key = '" + key + "'"))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void aRequestThatFailedMayBeSentAgainToAnyOfThem() {
        one.claim();
        one.answers.release(KEY);
        assertThat(other.claim()).isInstanceOf(AnswerTable.Claim.Granted.class);
        assertThat(one.claim()).isInstanceOf(AnswerTable.Claim.Running.class);
    }

    @Test
    void aRequestOfAProcessThatDiedIsBegunAnewByOneOfTheOthers() throws Exception {
        Member third = new Member();
        one.claim();
        die(one);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<AnswerTable.Claim>> claims =
                    List.of(threads.submit(other::claim), threads.submit(third::claim));
            List<AnswerTable.Claim> outcomes = new ArrayList<>();
            for (Future<AnswerTable.Claim> claim : claims) {
                outcomes.add(claim.get());
            }
            assertThat(outcomes)
                    .hasOnlyElementsOfTypes(AnswerTable.Claim.Granted.class, AnswerTable.Claim.Running.class)
                    .hasAtLeastOneElementOfType(AnswerTable.Claim.Granted.class)
                    .hasAtLeastOneElementOfType(AnswerTable.Claim.Running.class);
        }
    }

    @Test
    void whoWasTakenForDeadNeitherKeepsNorEndsWhatAnotherHasBegun() throws Exception {
        one.claim();
        die(one);
        other.claim();
        one.answers.keep(KEY, new KeptAnswer("late", 200, Map.of(), new byte[0]));
        one.answers.release(KEY);
        assertThat(other.answers.find(KEY)).isEmpty();
        other.answers.keep(KEY, ANSWER);
        assertDone(one.claim());
        one.answers.release(KEY);
        assertDone(one.claim());
    }

    @Test
    void itsOwnRowThatStayedBehindIsNotInTheWayOfAProcess() {
        one.claim();
        assertThat(one.claim()).isInstanceOf(AnswerTable.Claim.Granted.class);
    }

    @Test
    void whatCouldNotBeGivenFreeIsLaterWithoutAnybodyAsking() throws Exception {
        one.claim();
        processes
                .postgres()
                .administer("REVOKE DELETE ON answer FROM telltale; ALTER TABLE answer OWNER TO postgres;"
                        + " GRANT SELECT, INSERT, UPDATE ON answer TO telltale");
        one.answers.release(KEY);
        assertThat(other.claim()).isInstanceOf(AnswerTable.Claim.Running.class);
        processes.postgres().administer("GRANT DELETE ON answer TO telltale");
        while (other.claim() instanceof AnswerTable.Claim.Running) {
            Thread.sleep(20);
        }
    }

    @Test
    void anAnswerIsForgottenAfterADayAndTheRequestDoneAnew() {
        one.claim();
        one.answers.keep(KEY, ANSWER);
        now.updateAndGet(instant -> instant.plus(AnswerTable.KEPT_FOR).minusMillis(1));
        assertDone(other.claim());
        now.updateAndGet(instant -> instant.plusMillis(1));
        assertThat(other.claim()).isInstanceOf(AnswerTable.Claim.Granted.class);
        assertThat(one.claim()).isInstanceOf(AnswerTable.Claim.Running.class);
    }

    @Test
    void requestsUnderWayStayHoweverManyAnswersAreKept() throws Exception {
        one.claim();
        processes
                .postgres()
                .administer("INSERT INTO answer (key, fingerprint, status, headers, body, created)"
                        + " SELECT 'key:b' || chr(10) || n, '', 200, '{}', '', "
                        + (now.get().toEpochMilli() + 1)
                        + " FROM generate_series(1, " + AnswerTable.MOST_KEPT + ") n");
        now.updateAndGet(instant -> instant.plusMillis(2));
        for (String key : List.of("key:a\nsecond", "key:b\nlast")) {
            other.answers.claim(key);
            other.answers.keep(key, ANSWER);
        }
        assertThat(other.claim()).isInstanceOf(AnswerTable.Claim.Running.class);
        assertThat(processes.postgres().number("SELECT count(*) FROM answer")).isLessThan(AnswerTable.MOST_KEPT);
    }

    @Test
    void nothingIsBegunWhileTheDatabaseIsGone() throws Exception {
        processes
                .postgres()
                .administer("ALTER ROLE telltale IN DATABASE " + name() + " SET default_transaction_read_only = on");
        processes.postgres().cutConnections();
        assertThatThrownBy(one::claim).isInstanceOf(Problem.class);
        processes
                .postgres()
                .administer("ALTER ROLE telltale IN DATABASE " + name() + " RESET default_transaction_read_only");
        processes.postgres().cutConnections();
        while (!isGranted(one)) {
            Thread.sleep(50);
        }
    }

    @Test
    void aProcessThatIsKilledIsTakenForDead() throws Exception {
        Postgres postgres = processes.postgres();
        Process killed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Killed.class.getName(),
                        postgres.url(),
                        postgres.user(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try {
            while (postgres.number("SELECT count(*) FROM answer") == 0) {
                assertThat(killed.isAlive()).as(() -> output(killed)).isTrue();
                Thread.sleep(50);
            }
            assertThat(other.claim()).isInstanceOf(AnswerTable.Claim.Running.class);
        } finally {
            killed.destroyForcibly().waitFor();
        }
        while (other.claim() instanceof AnswerTable.Claim.Running) {
            Thread.sleep(100);
        }
        assertThat(one.claim()).isInstanceOf(AnswerTable.Claim.Running.class);
    }

    /// A process that begins a request and never ends it.
    static final class Killed {

        private Killed() {}

        public static void main(String[] arguments) throws Exception {
            DataDirectory directory = DataDirectory.open(Path.of(arguments[2]).resolve("killed"));
            Database database = Processes.open(arguments[0], arguments[1], directory);
            AnswerTable answers = new AnswerTable(
                    database, new Json(), () -> Instant.parse("2026-01-01T00:00:00Z"), Replicas.on(database, "killed"));
            System.out.println(answers.claim(KEY));
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private static String output(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    private static boolean isGranted(Member member) {
        try {
            return member.claim() instanceof AnswerTable.Claim.Granted;
        } catch (Problem problem) {
            return false;
        }
    }

    private String name() {
        return processes.postgres().url().replaceFirst(".*/", "");
    }

    private void assertDone(AnswerTable.Claim claim) {
        assertThat(claim).isInstanceOfSatisfying(AnswerTable.Claim.Done.class, done -> {
            assertThat(done.answer().fingerprint()).isEqualTo("f");
            assertThat(done.answer().status()).isEqualTo(201);
            assertThat(done.answer().headers()).isEqualTo(Map.of("Location", "/x"));
            assertThat(done.answer().body()).containsExactly(1, 2);
        });
    }

    private void die(Member member) throws Exception {
        processes.postgres().administer("DELETE FROM replica WHERE name = '" + member.replicas.self() + "'");
    }
}
