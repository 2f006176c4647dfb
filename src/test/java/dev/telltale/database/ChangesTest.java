package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What processes on one database hear of each other's changes.
class ChangesTest {

    private static final Duration NEVER = Duration.ofDays(1);

    @TempDir
    private Path directory;

    private Processes processes;
    private PostgresDatabase one;
    private PostgresDatabase other;
    private final List<Changes> opened = new ArrayList<>();

    /// What somebody who keeps a copy was told, a star for all.
    private static final class Told implements ChangeListener {

        private final List<String> subjects = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void changed(String subject) {
            subjects.add(subject);
        }

        @Override
        public void all() {
            subjects.add("*");
        }

        List<String> subjects() {
            return List.copyOf(subjects);
        }
    }

    @BeforeEach
    void start() {
        processes = new Processes(directory);
        one = processes.startOne();
        other = processes.startOne();
    }

    @AfterEach
    void close() {
        opened.forEach(Changes::close);
        processes.close();
    }

    @Test
    void eachIsToldOnceToEachProcessInTheOrderInWhichTheyWereCommitted() throws Exception {
        Changes[] feeds = {opened(new ChangeTable(one)), opened(new ChangeTable(other))};
        Told[] told = {new Told(), new Told()};
        feeds[0].listen("thing", told[0]);
        feeds[1].listen("thing", told[1]);
        one.write(connection -> DatabaseContract.execute(connection, "CREATE TABLE done (at SERIAL, subject TEXT)"));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                int number = writer;
                writers.add(callers.submit(() -> writeMany(number, number % 2 == 0 ? one : other, feeds[number % 2])));
            }
            for (Future<?> writer : writers) {
                while (!writer.isDone()) {
                    feeds[0].catchUp(); // beside the looks that nobody asks for, and those of other callers
                    get(List.of(callers.submit(feeds[1]::catchUp), callers.submit(feeds[1]::catchUp)));
                }
                writer.get();
            }
        }
        feeds[0].catchUp();
        feeds[1].catchUp();
        List<String> committed = committed();
        assertThat(committed).hasSize(160);
        assertThat(told[0].subjects()).isEqualTo(committed);
        assertThat(told[1].subjects()).isEqualTo(committed);
    }

    @Test
    void whoCatchesUpWasToldOfAllThatWasCommittedBefore() {
        Changes feed = opened(new ChangeTable(one, NEVER));
        Changes writer = opened(new ChangeTable(other, NEVER));
        Told told = new Told();
        feed.listen("thing", told);
        for (int i = 0; i < 50; i++) {
            note(other, writer, "thing", "s" + i);
            feed.catchUp();
            assertThat(told.subjects()).hasSize(i + 1).last().isEqualTo("s" + i);
        }
    }

    @Test
    void isToldWithoutBeingAskedFor() throws Exception {
        Changes feed = opened(new ChangeTable(one));
        Told told = new Told();
        feed.listen("thing", told);
        note(other, opened(new ChangeTable(other)), "thing", "a");
        while (told.subjects().isEmpty()) {
            Thread.sleep(20);
        }
        assertThat(told.subjects()).containsExactly("a");
    }

    @Test
    void isToldToWhoListensToItsKindAndFromNowOn() {
        Changes writer = opened(new ChangeTable(other, NEVER));
        note(other, writer, "thing", "before");
        Changes feed = opened(new ChangeTable(one, NEVER));
        Told things = new Told();
        Told others = new Told();
        feed.listen("thing", things);
        feed.listen("other", others);
        note(other, writer, "thing", "a");
        note(other, writer, "other", "b");
        note(other, writer, "third", "c");
        feed.catchUp();
        assertThat(things.subjects()).containsExactly("a");
        assertThat(others.subjects()).containsExactly("b");
    }

    @Test
    void moreThanAreReadAtOnceAreToldAll() {
        Changes feed = opened(new ChangeTable(one, NEVER));
        Told told = new Told();
        feed.listen("thing", told);
        Changes writer = opened(new ChangeTable(other, NEVER));
        other.write(connection -> {
            for (int i = 0; i < 2_500; i++) {
                writer.note(connection, "thing", "s" + i);
            }
            return 0;
        });
        feed.catchUp();
        assertThat(told.subjects())
                .hasSize(2_500)
                .doesNotHaveDuplicates()
                .last()
                .isEqualTo("s2499");
    }

    @Test
    void isNotNotedWhereItCouldBeOverlooked() {
        Changes feed = opened(new ChangeTable(one, NEVER));
        assertThatThrownBy(() -> one.writeAlone(connection -> noted(feed, connection)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> other.write(connection -> noted(feed, connection)))
                .as("of another process")
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoHasMissedSomeThatAreGoneIsToldThatAllMayHaveChanged() throws Exception {
        Changes feed = opened(new ChangeTable(one, NEVER));
        Told told = new Told();
        feed.listen("thing", told);
        ChangeTable writer = opened(new ChangeTable(other, NEVER));
        note(other, writer, "thing", "a");
        note(other, writer, "thing", "b");
        age();
        writer.trim();
        note(other, writer, "thing", "c");
        assertThat(processes.postgres().number("SELECT count(*) FROM change")).isEqualTo(2);

        feed.catchUp();
        assertThat(told.subjects()).containsExactly("*");
        note(other, writer, "thing", "d");
        feed.catchUp();
        assertThat(told.subjects()).containsExactly("*", "d");
    }

    @Test
    void whoHasReadThemAllMissesNothingWhenOldOnesGo() throws Exception {
        Changes feed = opened(new ChangeTable(one, NEVER));
        Told told = new Told();
        feed.listen("thing", told);
        ChangeTable writer = opened(new ChangeTable(other, NEVER));
        for (int i = 0; i < 3; i++) {
            note(other, writer, "thing", "s" + i);
            feed.catchUp();
            age();
            writer.trim();
            feed.catchUp();
        }
        assertThat(told.subjects()).containsExactly("s0", "s1", "s2");
        assertThat(processes.postgres().number("SELECT count(*) FROM change")).isEqualTo(1);
    }

    @Test
    void aListenerThatFailsIsToldOfAllAndKeepsItFromNobody() {
        Changes feed = opened(new ChangeTable(one, NEVER));
        Told told = new Told();
        List<String> failing = new ArrayList<>();
        feed.listen("thing", new ChangeListener() {
            @Override
            public void changed(String subject) {
                failing.add(subject);
                throw new IllegalArgumentException("no");
            }

            @Override
            public void all() {
                failing.add("*");
            }
        });
        feed.listen("thing", told);
        Changes writer = opened(new ChangeTable(other, NEVER));
        note(other, writer, "thing", "a");
        note(other, writer, "thing", "b");
        feed.catchUp();
        assertThat(failing).containsExactly("a", "*");
        assertThat(told.subjects()).containsExactly("a", "b");
    }

    @Test
    void whoIsToldCannotWaitForHimself() {
        Changes feed = opened(new ChangeTable(one, NEVER));
        List<Throwable> failures = new ArrayList<>();
        feed.listen("thing", new ChangeListener() {
            @Override
            public void changed(String subject) {
                try {
                    feed.catchUp();
                } catch (IllegalStateException e) {
                    failures.add(e);
                }
            }

            @Override
            public void all() {
                throw new AssertionError("nothing was missed");
            }
        });
        note(one, feed, "thing", "a");
        feed.catchUp();
        assertThat(failures).hasSize(1);
    }

    @Test
    void aProcessThatHasItsDatabaseToItselfHearsOfNobody() {
        try (DataDirectory held = DataDirectory.open(directory.resolve("sqlite"));
                Database sqlite = SqliteDatabase.open(held);
                Changes changes = Changes.on(sqlite)) {
            Told told = new Told();
            changes.listen("thing", told);
            note(sqlite, changes, "thing", "a");
            changes.catchUp();
            assertThat(told.subjects()).isEmpty();
        }
    }

    private <C extends Changes> C opened(C changes) {
        opened.add(changes);
        return changes;
    }

    /// Forty changes and ten that are rolled back.
    private static void writeMany(int writer, Database database, Changes changes) {
        for (int i = 0; i < 50; i++) {
            String subject = writer + "-" + i;
            boolean isDone = i % 5 != 0;
            try {
                database.write(connection -> {
                    changes.note(connection, "thing", subject);
                    if (!isDone) {
                        throw new IllegalArgumentException("no");
                    }
                    return DatabaseContract.execute(
                            connection, "INSERT INTO done (subject) VALUES ('" + subject + "')");
                });
            } catch (IllegalArgumentException e) {
                assertThat(isDone).isFalse();
            }
        }
    }

    private List<String> committed() {
        return one.read(connection -> {
            List<String> subjects = new ArrayList<>();
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT subject FROM done ORDER BY at")) {
                while (row.next()) {
                    subjects.add(row.getString(1));
                }
            }
            return subjects;
        });
    }

    private static void get(List<Future<?>> futures) throws Exception {
        for (Future<?> future : futures) {
            future.get();
        }
    }

    private static void note(Database database, Changes changes, String kind, String subject) {
        database.write(connection -> {
            changes.note(connection, kind, subject);
            return 0;
        });
    }

    private static int noted(Changes changes, Connection connection) throws java.sql.SQLException {
        changes.note(connection, "thing", "a");
        return 0;
    }

    /// Lets ten minutes pass for what is noted.
    private void age() throws Exception {
        processes.postgres().administer("UPDATE change SET at = at - interval '11 minutes'");
    }
}
