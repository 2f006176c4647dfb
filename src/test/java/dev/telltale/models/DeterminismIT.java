package dev.telltale.models;

import static dev.telltale.models.TestRequests.ROWS;
import static dev.telltale.models.TestRequests.START;
import static dev.telltale.models.TestRequests.STEP;
import static dev.telltale.models.TestRequests.csv;
import static dev.telltale.models.TestRequests.range;
import static dev.telltale.models.TestRequests.waves;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.models.RunningService.Answer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The same data, settings and seed on the same machine give the same weights to the last bit, whatever else the
/// service does. `bench/release/determinism` does it over restarts and with larger networks.
class DeterminismIT {

    private static final String MODELS = "/api/v1/models/";
    private static final int TRAININGS = 20;
    /// One runs, three wait.
    private static final int AT_ONCE = 4;

    @TempDir
    private Path data;

    @Test
    void trainsTheSameWeightsTwentyTimesWhileOthersWaitAndScore() throws Exception {
        List<String> weights = new ArrayList<>();
        String scores;
        try (RunningService service = new RunningService(data);
                ExecutorService scoring = Executors.newVirtualThreadPerTaskExecutor()) {
            service.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
            assertThat(service.train(specification("same-0", 42)).status()).isEqualTo(201);
            scores = score(service, "same-0");
            AtomicBoolean over = new AtomicBoolean();
            Future<Integer> scored = scoring.submit(() -> {
                int times = 0;
                for (; !over.get(); times++) {
                    assertThat(score(service, "same-0")).isEqualTo(scores);
                    LockSupport.parkNanos(5_000_000);
                }
                return times;
            });
            for (int from = 1; from < TRAININGS; from += AT_ONCE - 1) {
                // Between those alike one with another seed: the engine has one source of chance for all.
                List<String> jobs = new ArrayList<>(List.of(service.submit(specification("other-" + from, from))));
                for (int i = from; i < Math.min(from + AT_ONCE - 1, TRAININGS); i++) {
                    jobs.add(service.submit(specification("same-" + i, 42)));
                }
                jobs.forEach(service::awaitEnd);
            }
            over.set(true);
            assertThat(scored.get()).isPositive();
            for (int i = 0; i < TRAININGS; i++) {
                weights.add(weights(service, "same-" + i));
            }
            assertThat(weights).hasSize(TRAININGS).containsOnly(weights.getFirst());
            assertThat(weights(service, "other-1")).isNotEqualTo(weights.getFirst());
        }
        try (RunningService service = new RunningService(data)) {
            assertThat(score(service, "same-0")).isEqualTo(scores);
            service.train(specification("same-later", 42));
            assertThat(weights(service, "same-later")).isEqualTo(weights.getFirst());
        }
    }

    @Test
    void saysWhatElseDecidesTheWeights() {
        try (RunningService service = new RunningService(data)) {
            service.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
            JsonNode model = service.train(specification("told", 7)).node();

            assertThat(model.at("/specification/training/seed").asInt()).isEqualTo(7);
            assertThat(model.at("/data/sources/0/fingerprint").asString()).matches("[0-9a-f]{64}");
            JsonNode software = model.get("software");
            assertThat(software.get("java").asString()).startsWith("25");
            assertThat(software.get("djl").asString()).isEqualTo("0.35.1");
            assertThat(software.get("pytorch").asString()).isEqualTo("2.7.1");
            assertThat(software.get("threads").asString()).isEqualTo("1");
            assertThat(software.get("processor").asString()).isNotBlank();
            assertThat(software.get("vectors").asString()).isIn("avx512", "avx2", "default");
        }
    }

    /// With dropout, which takes its chance from the engine.
    private static String specification(String name, int seed) {
        return "{\"name\":\"%s\",\"series\":[\"waves\"],\"architecture\":\"dropout\",\"windowing\":{\"length\":8},"
                        .formatted(name)
                + "\"training\":{\"epochs\":1,\"batchSize\":64,\"seed\":%d}}".formatted(seed);
    }

    private static String score(RunningService service, String model) {
        Answer answer = service.postJson(MODELS + model + "/score", range("waves", START, START + 100 * STEP));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /// SHA-256 of the tensors in the file of a model.
    private static String weights(RunningService service, String model) throws NoSuchAlgorithmException {
        byte[] file = service.sendBytes("GET", MODELS + model + "/artifact", new byte[0])
                .body();
        int tensors = Long.BYTES
                + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(file, tensors, file.length - tensors);
        return HexFormat.of().formatHex(digest.digest());
    }
}
