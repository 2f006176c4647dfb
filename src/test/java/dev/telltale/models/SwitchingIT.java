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
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests go on while the active version changes under them. `bench/switches` does it for long.
class SwitchingIT {

    private static final String MODEL = "/api/v1/models/switched";
    private static final int VERSIONS = 3;
    private static final int SWITCHES = 300;

    @TempDir
    private Path data;

    @Test
    void answersEachRequestWithOneVersionWholeWhileVersionsAreSwitched()
            throws ExecutionException, InterruptedException {
        String request = range("waves", START, START + 100 * STEP);
        try (RunningService service = new RunningService(data);
                ExecutorService switching = Executors.newVirtualThreadPerTaskExecutor()) {
            service.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
            service.train(specification("switched", "waves", 8, 1));
            for (int version = 2; version <= VERSIONS; version++) {
                service.send(
                        "POST",
                        MODEL + "/versions",
                        "{\"training\":{\"seed\":%d}}".formatted(version),
                        "Content-Type: application/json",
                        "Prefer: wait=60");
            }
            Map<String, String> expected = new TreeMap<>();
            for (int version = 1; version <= VERSIONS; version++) {
                expected.put(
                        Integer.toString(version),
                        service.postJson(MODEL + "/score?version=" + version, request)
                                .body());
            }
            assertThat(expected.values()).doesNotHaveDuplicates();

            Future<?> switches = switching.submit(() -> {
                for (int i = 0; i < SWITCHES; i++) {
                    String wanted = "{\"version\":%d}".formatted(1 + i % VERSIONS);
                    Answer switched = service.send("PUT", MODEL + "/active", wanted, "Content-Type: application/json");
                    assertThat(switched.status()).as(switched.body()).isEqualTo(200);
                }
            });
            Map<String, Integer> answers = new TreeMap<>();
            while (!switches.isDone()) {
                Answer answer = service.postJson(MODEL + "/score", request);
                String version = answer.header("Telltale-Model-Version");
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(expected.get(version));
                answers.merge(version, 1, Integer::sum);
            }
            switches.get();
            assertThat(answers.keySet()).containsExactlyElementsOf(expected.keySet());
        }
    }
}
