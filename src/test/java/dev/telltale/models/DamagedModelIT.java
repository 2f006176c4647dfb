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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A service that starts on a damaged model, and the same after the file was restored from a copy.
class DamagedModelIT {

    private static final String MODELS = "/api/v1/models/";
    private static final String DETECTOR = "/api/v1/detectors/watching";
    private static final String JSON = "Content-Type: application/json";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path data;

    @Test
    void namesTheDamagedModelServesTheOthersAndGoesOnWithARestoredFile() throws IOException {
        String before;
        try (RunningService service = new RunningService(data)) {
            service.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
            service.train(specification("damaged", "waves", 8, 1));
            service.train(specification("sound", "waves", 8, 1));
            service.send(
                    "POST",
                    MODELS + "sound/versions?activate=true",
                    "{\"training\":{\"seed\":2}}",
                    JSON,
                    "Prefer: wait=60");
            before = score(service, "damaged").body();
            service.send("PUT", DETECTOR, "{\"model\":\"damaged\",\"select\":\"waves\"}", JSON);
            await(service, detector -> detector.at("/states/watching").asInt(0) == 1);
        }
        byte[] whole = change("damaged/1");
        change("sound/1");

        try (RunningService service = new RunningService(data)) {
            assertThat(service.get("/actuator/health/readiness").status()).isEqualTo(200);
            JsonNode problem = score(service, "damaged").node();
            assertThat(problem.get("status").asInt()).isEqualTo(503);
            assertThat(problem.get("type").asString()).isEqualTo("/problems/model-corrupt");
            assertThat(problem.get("detail").asString()).contains("version 1 of model 'damaged'", "the hash differs");
            JsonNode detector = await(service, shown -> shown.path("failure").isString());
            assertThat(detector.get("failure").asString()).contains("model 'damaged'", "the hash differs");

            Answer other = score(service, "sound");
            assertThat(other.node().get("version").asInt()).isEqualTo(2);
            Answer refused = service.send("PUT", MODELS + "sound/active", "{\"version\":1}", JSON);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(score(service, "sound").body()).isEqualTo(other.body());
            assertThat(service.get("/actuator/prometheus").body()).contains("telltale_models_corrupt 2.0");

            Files.write(file("damaged/1"), whole);

            assertThat(score(service, "damaged").body()).isEqualTo(before);
            await(
                    service,
                    shown -> shown.path("failure").isNull()
                            && shown.at("/states/watching").asInt(0) == 1);
            assertThat(service.get("/actuator/prometheus").body()).contains("telltale_models_corrupt 1.0");
        }
    }

    private static Answer score(RunningService service, String model) {
        return service.postJson(MODELS + model + "/score", range("waves", START, START + 50 * STEP));
    }

    /// Changes the lowest bit of a weight.
    ///
    /// @return the file as it was
    private byte[] change(String version) throws IOException {
        byte[] whole = Files.readAllBytes(file(version));
        byte[] changed = whole.clone();
        changed[changed.length - 4] ^= 1;
        Files.write(file(version), changed);
        return whole;
    }

    private Path file(String version) {
        return data.resolve("models").resolve(version).resolve("model.safetensors");
    }

    private static JsonNode await(RunningService service, Predicate<JsonNode> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode detector = service.get(DETECTOR).node();
            if (wanted.test(detector)) {
                return detector;
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError(
                "the detector did not get there: " + service.get(DETECTOR).body());
    }
}
