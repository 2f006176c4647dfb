package dev.telltale.models;

import static dev.telltale.models.TestRequests.ROWS;
import static dev.telltale.models.TestRequests.START;
import static dev.telltale.models.TestRequests.STEP;
import static dev.telltale.models.TestRequests.csv;
import static dev.telltale.models.TestRequests.range;
import static dev.telltale.models.TestRequests.specification;
import static dev.telltale.models.TestRequests.waves;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.models.RunningService.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of models when much happens at once, or breaks on the way.
class ContendedModelsIT {

    private static final String MODELS = "/api/v1/models";
    private static final int LONG = 10_000;

    @TempDir
    private Path data;

    private RunningService service;

    @BeforeEach
    void start() {
        service = new RunningService(data);
        service.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void takesOneOfAThousandTrainingsOfOneName() throws ExecutionException, InterruptedException {
        String specification = specification("one", "waves", 8, LONG);

        List<Integer> statuses =
                atOnce(1_000, () -> service.postJson(MODELS, specification).status());

        assertThat(statuses).filteredOn(status -> status == 202).hasSize(1);
        assertThat(statuses).filteredOn(status -> status == 409).hasSize(999);
    }

    @Test
    void saysThatTheQueueIsFullButFirstThatANameIsTaken() {
        service.train(specification("there", "waves", 8, 1));
        String running = service.submit(specification("running", "waves", 8, LONG));
        service.await(running, state -> state.equals("running"));
        List<String> queued = IntStream.range(0, 16)
                .mapToObj(i -> service.submit(specification("queued" + i, "waves", 8, 1)))
                .toList();

        Answer full = service.postJson(MODELS, specification("new", "waves", 8, 1));
        assertThat(full.status()).isEqualTo(503);
        assertThat(full.header("Retry-After")).isNotEmpty();
        for (String taken : List.of("there", "running", "queued3")) {
            assertThat(service.postJson(MODELS, specification(taken, "waves", 8, 1))
                            .status())
                    .isEqualTo(409);
        }

        assertThat(service.delete(queued.get(3)).status()).isEqualTo(200);
        assertThat(service.delete(queued.get(3)).status()).isEqualTo(409);
        service.submit(specification("queued3", "waves", 8, 1));
        queued.forEach(service::delete);
        assertThat(service.delete(running).status()).isEqualTo(202);
        assertThat(service.awaitEnd(running).get("state").asString()).isEqualTo("cancelled");
        assertThat(service.delete(running).status()).isEqualTo(409);
    }

    @Test
    void trainsOneAfterTheOtherAndScoresMeanwhile() throws ExecutionException, InterruptedException {
        service.train(specification("scorer", "waves", 8, 2));
        String request = range("waves", START, START + 50 * STEP);
        String before = service.postJson(MODELS + "/scorer/score", request).body();

        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> one = both.submit(() -> service.submit(specification("first", "waves", 8, 60)));
            Future<String> two = both.submit(() -> service.submit(specification("second", "waves", 8, 60)));
            boolean sawBothUnfinished = false;
            while (isUnfinished(one.get()) || isUnfinished(two.get())) {
                String states = state(one.get()) + state(two.get());
                sawBothUnfinished |= states.contains("queued") && states.contains("running");
                assertThat(states).isNotEqualTo("runningrunning");
                assertThat(service.postJson(MODELS + "/scorer/score", request).body())
                        .isEqualTo(before);
            }
            assertThat(sawBothUnfinished).isTrue();
            assertThat(state(one.get()) + state(two.get())).isEqualTo("succeededsucceeded");
        }
    }

    @Test
    void failsATrainingWhoseSeriesIsDeletedBeforeItsTurn() {
        service.postCsv("/api/v1/series/gone/samples", csv(0, ROWS, waves(2)));
        String running = service.submit(specification("running", "waves", 8, LONG));
        String waiting = service.submit(specification("waiting", "gone", 8, 1));
        assertThat(service.delete("/api/v1/series/gone").status()).isEqualTo(204);
        service.delete(running);

        assertThat(service.awaitEnd(waiting).at("/problem/type").asString()).isEqualTo("/problems/series-not-found");
        assertThat(service.get(MODELS + "/waiting").status()).isEqualTo(404);
        assertThat(service.train(specification("waiting", "waves", 8, 1)).status())
                .isEqualTo(201);
    }

    @Test
    void answersEachScoreWholeOrNotFoundWhileItsModelIsDeletedAndTrainedAgain()
            throws ExecutionException, InterruptedException {
        String specification = specification("moving", "waves", 8, 1);
        service.train(specification);
        try (ExecutorService changing = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> changes = changing.submit(() -> {
                for (int i = 0; i < 10; i++) {
                    assertThat(service.delete(MODELS + "/moving").status()).isEqualTo(204);
                    assertThat(service.train(specification).status()).isEqualTo(201);
                }
            });
            while (!changes.isDone()) {
                Answer score = service.postJson(MODELS + "/moving/score", "{\"series\":\"waves\"}");
                assertThat(score.status()).as(score.body()).isIn(200, 404);
                if (score.status() == 200) {
                    assertThat(score.node().get("rows").size()).isEqualTo(ROWS);
                }
                assertThat(service.get(MODELS + "/moving").status()).isIn(200, 404);
                assertThat(service.get(MODELS + "/moving/evaluation").status()).isIn(200, 404);
            }
            changes.get();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"changed", "empty", "missing", "directory", "link"})
    void refusesADamagedFileAndServesTheOtherModels(String damage) throws IOException {
        service.train(specification("damaged", "waves", 8, 1));
        service.train(specification("sound", "waves", 8, 1));
        damage(data.resolve("models/damaged/1/model.safetensors"), damage);

        Answer score = service.postJson(MODELS + "/damaged/score", range("waves", START, START + STEP));
        assertThat(score.status()).isEqualTo(503);
        assertThat(score.node().get("type").asString()).isEqualTo("/problems/model-corrupt");
        assertThat(service.get(MODELS + "/damaged").status()).isEqualTo(503);
        assertThat(service.get(MODELS + "/damaged/evaluation").status()).isEqualTo(503);
        assertThat(service.postJson(MODELS + "/sound/score", range("waves", START, START + STEP))
                        .status())
                .isEqualTo(200);
        assertThat(service.get(MODELS).body()).contains("damaged", "sound");
        assertThat(service.delete(MODELS + "/damaged").status()).isEqualTo(204);
        assertThat(service.train(specification("damaged", "waves", 8, 1)).status())
                .isEqualTo(201);
    }

    @Test
    void goesOnScoringWithALoadedModelWhoseFileIsDamaged() throws IOException {
        service.train(specification("loaded", "waves", 8, 1));
        String request = range("waves", START, START + 50 * STEP);
        String before = service.postJson(MODELS + "/loaded/score", request).body();
        damage(data.resolve("models/loaded/1/model.safetensors"), "changed");

        assertThat(service.postJson(MODELS + "/loaded/score", request).body()).isEqualTo(before);
        assertThat(service.get(MODELS + "/loaded").status()).isEqualTo(200);
    }

    @Test
    void failsATrainingWhoseModelCannotBeWrittenAndFreesItsName() throws IOException {
        Path inTheWay = Files.createFile(data.resolve("models/blocked"));

        Answer answer = service.train(specification("blocked", "waves", 8, 1));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.node().get("type").asString()).isEqualTo("/problems/model-not-saved");
        assertThat(service.get(MODELS + "/blocked").status()).isEqualTo(404);

        Files.delete(inTheWay);
        assertThat(service.train(specification("blocked", "waves", 8, 1)).status())
                .isEqualTo(201);
    }

    /// The last chunk of the series cannot be read: a short answer is a problem, of a long one the connection breaks.
    @Test
    void breaksAnAnswerOffThatFailsAfterItsBeginning() throws SQLException {
        service.postCsv("/api/v1/series/long/samples", csv(0, 100_000, Math::sin));
        service.train(specification("model", "waves", 8, 1));
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("telltale.db"))) {
            database.createStatement()
                    .executeUpdate("update chunk set samples = x'00' where start = (select max(start) from chunk)");
        }

        Answer beginning = service.postJson(MODELS + "/model/score", range("long", START, START + 50_000 * STEP));
        assertThat(beginning.node().get("rows").size()).isEqualTo(50_001);
        Answer end =
                service.postJson(MODELS + "/model/score", range("long", START + 99_900 * STEP, START + 100_000 * STEP));
        assertThat(end.status()).isEqualTo(503);
        assertThat(end.node().get("type").asString()).isEqualTo("/problems/damaged-samples");
        assertThatThrownBy(() -> service.postJson(MODELS + "/model/score", "{\"series\":\"long\"}"))
                .isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> service.postJsonForCsv(MODELS + "/model/score", "{\"series\":\"long\"}"))
                .isInstanceOf(UncheckedIOException.class);
    }

    private static void damage(Path file, String how) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        switch (how) {
            case "changed" -> {
                bytes[bytes.length - 5] ^= 1;
                Files.write(file, bytes);
            }
            case "empty" -> Files.createFile(file);
            case "missing" -> {}
            case "directory" -> Files.createDirectory(file);
            case "link" -> {
                Path elsewhere = Files.write(file.resolveSibling("elsewhere"), bytes);
                Files.createSymbolicLink(file, elsewhere);
            }
            default -> throw new IllegalArgumentException(how);
        }
    }

    private boolean isUnfinished(String job) {
        return List.of("queued", "running").contains(state(job));
    }

    private String state(String job) {
        return service.get(job).node().get("state").asString();
    }

    private static List<Integer> atOnce(int times, Callable<Integer> request)
            throws ExecutionException, InterruptedException {
        List<Integer> results = new ArrayList<>();
        try (ExecutorService all = Executors.newFixedThreadPool(100)) {
            for (Future<Integer> result : all.invokeAll(Collections.nCopies(times, request))) {
                results.add(result.get());
            }
        }
        return results;
    }
}
