package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicasTest {

    @TempDir
    private Path directory;

    private Processes processes;
    private Database one;
    private Database other;

    @BeforeEach
    void open() {
        processes = new Processes(directory);
        one = processes.start();
        other = processes.start();
    }

    @AfterEach
    void close() {
        processes.close();
    }

    @Test
    void knowEachOtherFromTheStartToTheEnd() {
        try (Replicas here = Replicas.on(one, "here")) {
            String there;
            try (Replicas replica = Replicas.on(other, "there")) {
                there = replica.self();
                assertThat(isAlive(one, here, there)).isTrue();
                assertThat(isAlive(other, replica, here.self())).isTrue();
                assertThat(one.read(here::alive)).containsExactlyInAnyOrder(here.self(), there);
            }
            assertThat(isAlive(one, here, there)).isFalse();
            assertThat(isAlive(one, here, "nobody")).isFalse();
            assertThat(here.areShared()).isTrue();
        }
    }

    @Test
    void haveNamesOfTheirOwnThoughPeopleCallThemTheSame() {
        try (Replicas here = Replicas.on(one, "same");
                Replicas there = Replicas.on(other, "same")) {
            assertThat(here.self()).startsWith("same-").isNotEqualTo(there.self());
        }
    }

    @Test
    void areTakenForDeadWhenNothingIsHeardOfThemForTwentySeconds() throws Exception {
        try (Replicas here = Replicas.on(one, "here");
                Replicas there = Replicas.on(other, "there")) {
            pass("20 seconds", there);
            assertThat(isAlive(one, here, there.self())).isFalse();
            assertThat(one.read(here::alive)).containsExactly(here.self());
            while (!isAlive(one, here, there.self())) {
                Thread.sleep(50); // until it says again that it lives
            }
        }
    }

    @Test
    void areForgottenLongAfterTheyDied() throws Exception {
        ReplicaTable dead = new ReplicaTable(processes.startOne(), "dead");
        dead.close();
        processes
                .postgres()
                .administer("INSERT INTO replica VALUES ('" + dead.self() + "', now() - interval '2 hours')");
        try (Replicas _ = Replicas.on(one, "here")) {
            assertThat(processes.postgres().number("SELECT count(*) FROM replica"))
                    .isEqualTo(1);
        }
    }

    @Test
    void areOneWithSqlite() {
        try (DataDirectory held = DataDirectory.open(directory.resolve("sqlite"));
                Database sqlite = SqliteDatabase.open(held);
                Replicas before = Replicas.on(sqlite, "me");
                Replicas only = Replicas.on(sqlite, "me")) {
            assertThat(only.areShared()).isFalse();
            assertThat(isAlive(sqlite, only, only.self())).isTrue();
            assertThat(isAlive(sqlite, only, before.self()))
                    .as("of a start before")
                    .isFalse();
            assertThat(sqlite.read(only::alive)).containsExactly(only.self());
        }
    }

    private static boolean isAlive(Database database, Replicas replicas, String name) {
        return database.read(connection -> replicas.isAlive(connection, name));
    }

    private void pass(String time, Replicas of) throws Exception {
        processes
                .postgres()
                .administer(
                        "UPDATE replica SET seen = seen - interval '" + time + "' WHERE name = '" + of.self() + "'");
    }
}
