package dev.telltale.models;

import static dev.telltale.models.TestRequests.ROWS;
import static dev.telltale.models.TestRequests.START;
import static dev.telltale.models.TestRequests.STEP;
import static dev.telltale.models.TestRequests.csv;
import static dev.telltale.models.TestRequests.range;
import static dev.telltale.models.TestRequests.specification;
import static dev.telltale.models.TestRequests.waves;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.models.RunningService.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Trainings and imports of a version that fail in every way, while the version before goes on scoring as if
/// nothing were. `bench/release/failed-trainings` does it a thousand times, with kills of the process among them.
class FailedTrainingsIT {

    private static final String MODEL = "/api/v1/models/kept";
    private static final String JSON = "Content-Type: application/json";
    private static final int ROUNDS = 6;

    @TempDir
    private Path data;

    @Test
    void keepsTheModelWhateverBecomesOfTheNext() throws Exception {
        try (RunningService service = new RunningService(data)) {
            service.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
            service.postCsv("/api/v1/series/huge/samples", csv(0, 600, i -> 1e6 * Math.sin(i)));
            assertThat(service.train(specification("kept", "waves", 8, 1)).status())
                    .isEqualTo(201);
        }
        try (RunningService service = new RunningService(data, "--telltale.jobs.time-limit=2s");
                ExecutorService scoring = Executors.newVirtualThreadPerTaskExecutor()) {
            byte[] file =
                    service.sendBytes("GET", MODEL + "/artifact", new byte[0]).body();
            file[file.length - 1] ^= 1;
            String expected = score(service).body();
            String rows = score(service).node().get("rows").toString();
            AtomicBoolean over = new AtomicBoolean();
            Future<Integer> scored = scoring.submit(() -> {
                int times = 0;
                for (; !over.get(); times++) {
                    Answer answer = score(service);
                    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                    assertThat(answer.body()).isEqualTo(expected);
                    LockSupport.parkNanos(5_000_000);
                }
                return times;
            });
            Map<String, Integer> ends = new TreeMap<>();
            for (int round = 0; round < ROUNDS; round++) {
                for (String end : List.of(
                        train(service, DIVERGING),
                        cancelled(service),
                        train(service, TOO_LARGE),
                        round == 0 ? train(service, ENDLESS) : cancelled(service),
                        imported(service, file))) {
                    ends.merge(end, 1, Integer::sum);
                }
            }
            over.set(true);

            assertThat(scored.get()).isPositive();
            assertThat(ends)
                    .containsOnly(
                            Map.entry("diverged", ROUNDS),
                            Map.entry("cancelled", 2 * ROUNDS - 1),
                            Map.entry("too-expensive", ROUNDS),
                            Map.entry("job-took-too-long", 1),
                            Map.entry("invalid-model", ROUNDS));
            assertThat(service.get(MODEL + "/versions").node().get("items").size())
                    .isEqualTo(1);
            assertThat(service.get("/actuator/prometheus").body()).contains("telltale_native_arrays 0.0");
            try (Stream<Path> files = Files.walk(data.resolve("models"))) {
                assertThat(files.filter(Files::isRegularFile)).hasSize(2);
            }
            assertThat(train(service, "{}")).isEqualTo("succeeded");
            JsonNode next = score(service).node(); // by the same data, settings and seed
            assertThat(next.get("version").asInt()).isEqualTo(2);
            assertThat(next.get("rows").toString()).isEqualTo(rows);
        }
    }

    private static final String DIVERGING = "{\"series\":[\"huge\"],\"scaling\":\"none\",\"architecture\":"
            + "{\"kind\":\"dense\",\"encoder\":[{\"linear\":8}]},\"training\":{\"learningRate\":1,\"optimizer\":{\"kind\":\"sgd\"}}}";
    private static final String TOO_LARGE = "{\"architecture\":{\"kind\":\"dense\",\"encoder\":[{\"linear\":4000},"
            + "{\"linear\":4000}]},\"training\":{\"batchSize\":65536}}";
    private static final String ENDLESS = "{\"training\":{\"epochs\":10000}}";

    private static Answer score(RunningService service) {
        return service.postJson(MODEL + "/score", range("waves", START, START + 100 * STEP));
    }

    /// What became of the training of a further version that would be active.
    private static String train(RunningService service, String change) {
        Answer answer = service.send("POST", MODEL + "/versions?activate=true", change, JSON);
        if (answer.status() != 202) {
            return end(answer.node());
        }
        JsonNode job = service.awaitEnd(answer.header("Location"));
        return job.get("state").asString().equals("failed")
                ? end(job.get("problem"))
                : job.get("state").asString();
    }

    private static String cancelled(RunningService service) {
        Answer answer = service.send("POST", MODEL + "/versions?activate=true", ENDLESS, JSON);
        String job = answer.header("Location");
        service.await(job, state -> state.equals("running"));
        service.delete(job);
        return service.awaitEnd(job).get("state").asString();
    }

    private static String imported(RunningService service, byte[] file) {
        return end(service.answer(service.sendBytes(
                        "PUT", MODEL + "/artifact?activate=true", file, "Content-Type: application/octet-stream"))
                .node());
    }

    private static String end(JsonNode problem) {
        return problem.get("type").asString().replace("/problems/", "");
    }
}
