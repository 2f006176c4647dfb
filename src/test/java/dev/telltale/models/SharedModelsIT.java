package dev.telltale.models;

import static dev.telltale.models.TestRequests.ROWS;
import static dev.telltale.models.TestRequests.START;
import static dev.telltale.models.TestRequests.STEP;
import static dev.telltale.models.TestRequests.csv;
import static dev.telltale.models.TestRequests.range;
import static dev.telltale.models.TestRequests.specification;
import static dev.telltale.models.TestRequests.waves;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.StartedRooms;
import dev.telltale.database.Postgres;
import dev.telltale.models.RunningService.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two services on one database, and the models that both use.
class SharedModelsIT {

    private static final String MODEL = "/api/v1/models/shared";
    private static final String JSON = "Content-Type: application/json";
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String REQUEST = range("waves", START, START + 100 * STEP);

    @TempDir
    private Path directory;

    private final Postgres postgres = Postgres.fresh();

    @Test
    void eachKnowsWhichVersionScoresAndNoneIsDeletedUnderATraining() throws Exception {
        try (RunningService one = start("one");
                RunningService other = start("other")) {
            one.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
            assertThat(one.train(specification("shared", "waves", 8, 1)).status())
                    .isEqualTo(201);
            Answer second =
                    other.send("POST", MODEL + "/versions", "{\"training\":{\"seed\":2}}", JSON, "Prefer: wait=60");
            assertThat(second.status()).as(second.body()).isEqualTo(201);
            assertThat(List.of(scoring(one), scoring(other))).containsOnly("1");

            for (int i = 0; i < 6; i++) {
                RunningService here = i % 2 == 0 ? one : other;
                RunningService there = i % 2 == 0 ? other : one;
                String version = i % 2 == 0 ? "2" : "1";
                assertThat(scoring(there)).isNotEqualTo(version);
                Answer switched = here.send("PUT", MODEL + "/active", "{\"version\":" + version + "}", JSON);
                assertThat(switched.status()).as(switched.body()).isEqualTo(200);
                assertThat(scoring(here)).as("who answered knows at once").isEqualTo(version);
                until("the other knows too", () -> scoring(there).equals(version));
            }

            Path copy = directory.resolve("other/models/shared/2/model.safetensors");
            assertThat(other.postJson(MODEL + "/score?version=2", REQUEST).status())
                    .isEqualTo(200);
            assertThat(copy).exists();
            assertThat(one.delete(MODEL + "/versions/2").status()).isEqualTo(204);
            assertThat(other.postJson(MODEL + "/score?version=2", REQUEST).status())
                    .isEqualTo(404);
            until("its copy is deleted", () -> !Files.exists(copy));

            deleteWhileOtherTrains(one, other);
        }
    }

    /// Whichever comes first is done, and the other is refused, unless the training has ended by then.
    private void deleteWhileOtherTrains(RunningService one, RunningService other) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                if (one.get(MODEL).status() == 404) {
                    assertThat(one.train(specification("shared", "waves", 8, 1)).status())
                            .isEqualTo(201);
                }
                Future<Answer> deleted = threads.submit(() -> {
                    start.await();
                    return one.delete(MODEL);
                });
                Future<Answer> queued = threads.submit(() -> {
                    start.await();
                    return other.send("POST", MODEL + "/versions", "{}", JSON);
                });
                Answer training = queued.get();
                int deletion = deleted.get().status();
                assertThat(List.of(deletion, training.status()))
                        .as(training.body())
                        .isIn(List.of(204, 404), List.of(409, 202), List.of(204, 202));
                if (training.status() == 202) {
                    String state = other.awaitEnd(training.header("Location"))
                            .get("state")
                            .asString();
                    assertThat(state).isEqualTo("succeeded");
                    assertThat(one.get(MODEL).status()).isEqualTo(deletion == 204 ? 404 : 200);
                }
            }
        }
    }

    private static String scoring(RunningService service) {
        Answer answer = service.postJson(MODEL + "/score", REQUEST);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.header("Telltale-Model-Version");
    }

    private RunningService start(String name) throws IOException {
        Path data = Files.createDirectories(directory.resolve(name));
        List<String> settings = new ArrayList<>(StartedRooms.settings(data, postgres));
        settings.removeIf(setting -> setting.startsWith("--telltale.data-dir=")); // it is given below
        return new RunningService(data, settings.toArray(String[]::new));
    }

    private static void until(String what, BooleanSupplier isSo) throws InterruptedException {
        Instant begin = Instant.now();
        while (!isSo.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(begin.plus(LONGEST));
            Thread.sleep(20);
        }
        System.out.printf(
                "%s: %d ms%n", what, Duration.between(begin, Instant.now()).toMillis());
    }
}
