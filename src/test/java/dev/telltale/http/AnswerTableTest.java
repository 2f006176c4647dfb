package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Replicas;
import dev.telltale.database.SqliteDatabase;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerTableTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private DataDirectory directory;
    private Database database;
    private AnswerTable answers;

    @BeforeEach
    void open(@TempDir Path path) {
        directory = DataDirectory.open(path);
        database = SqliteDatabase.open(directory);
        answers = new AnswerTable(database, new Json(), now::get, Replicas.on(database, "test"));
    }

    @AfterEach
    void close() {
        answers.close();
        database.close();
        directory.close();
    }

    @Test
    void keepsAnAnswerForADay() {
        answers.keep("a", new KeptAnswer("f", 201, Map.of("Location", "/x"), new byte[] {1, 2}));

        KeptAnswer kept = answers.find("a").orElseThrow();
        assertThat(kept.fingerprint()).isEqualTo("f");
        assertThat(kept.status()).isEqualTo(201);
        assertThat(kept.headers()).isEqualTo(Map.of("Location", "/x"));
        assertThat(kept.body()).containsExactly(1, 2);
        now.updateAndGet(instant -> instant.plus(AnswerTable.KEPT_FOR));
        assertThat(answers.find("a")).isEmpty();
    }

    @Test
    void keepsTheLastAnswerOfAKey() {
        answers.keep("a", new KeptAnswer("f", 503, Map.of("Retry-After", "5"), new byte[] {1}));
        now.updateAndGet(instant -> instant.plusSeconds(1));
        answers.keep("a", new KeptAnswer("g", 201, Map.of(), new byte[] {2}));

        KeptAnswer kept = answers.find("a").orElseThrow();
        assertThat(kept.fingerprint()).isEqualTo("g");
        assertThat(kept.status()).isEqualTo(201);
        assertThat(kept.headers()).isEmpty();
        assertThat(kept.body()).containsExactly(2);
        now.updateAndGet(instant -> instant.plus(AnswerTable.KEPT_FOR).minusMillis(1));
        assertThat(answers.find("a")).as("a day from the last time").isPresent();
    }

    @Test
    void removesAnswersWhoseTimeIsOver() {
        keep("old");
        now.updateAndGet(instant -> instant.plus(AnswerTable.KEPT_FOR));
        keep("new");

        assertThat(count()).isEqualTo(1);
    }

    @Test
    void keepsTheNewestOfVeryMany() {
        database.write(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO answer (key, fingerprint, status, headers, body, created)"
                            + " VALUES (?, '', 200, '{}', x'', ?)")) {
                for (int i = 0; i < AnswerTable.MOST_KEPT; i++) {
                    insert.setString(1, "k" + i);
                    insert.setLong(2, now.get().toEpochMilli() + i);
                    insert.executeUpdate();
                }
                return 0;
            }
        });
        now.updateAndGet(instant -> instant.plusSeconds(60));
        keep("newest");

        assertThat(count()).isEqualTo(AnswerTable.MOST_KEPT);
        assertThat(answers.find("k0")).isEmpty();
        assertThat(answers.find("k1")).isPresent();
        assertThat(answers.find("newest")).isPresent();
    }

    @Test
    void givesNoCallerThePlacesOfOthers() {
        keep("key:a\nfirst");
        keep("key:b\nfirst");
        for (int i = 0; i < AnswerTable.MOST_OF_A_CALLER; i++) {
            now.updateAndGet(instant -> instant.plusMillis(1));
            keep("key:b\nk" + i);
        }
        assertThat(answers.find("key:a\nfirst")).isPresent();
        assertThat(answers.find("key:b\nfirst")).isEmpty();
        assertThat(count()).isEqualTo(1 + AnswerTable.MOST_OF_A_CALLER);
    }

    private void keep(String key) {
        answers.keep(key, new KeptAnswer("f", 200, Map.of(), new byte[0]));
    }

    private int count() {
        return database.<Integer>read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT count(*) FROM answer");
                    ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        });
    }
}
