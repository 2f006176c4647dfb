package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class BackupIT {

    private static final long START = Instant.parse("2024-03-01T00:00:00Z").toEpochMilli();
    private static final String BACKUPS = "/api/v1/backups";
    private static final String WAIT = "Prefer: wait=60";
    private static final String SCORE = "{\"series\":\"waves\"}";

    @TempDir
    private Path directory;

    @Test
    void aServiceStartedOnABackupHasAllThatWasAcknowledgedBeforeIt() throws Exception {
        Path data = directory.resolve("data");
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        int promised;
        String scores;
        String location;
        try (Service service = new Service(data);
                ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            service.send("POST", "/api/v1/series/waves/samples", waves());
            assertThat(train(service, "kept", 3, WAIT).statusCode()).isEqualTo(201);
            scores = service.send("POST", "/api/v1/models/kept/score", SCORE).body();
            Future<?> uploads = others.submit(() -> upload(service, acknowledged, enough));
            assertThat(train(service, "under-way", 2_000).statusCode()).isEqualTo(202);
            while (acknowledged.get() < 50) {
                Thread.sleep(10);
            }

            promised = acknowledged.get();
            HttpResponse<String> made = service.send("POST", BACKUPS, "", WAIT);
            location = made.headers().firstValue("Location").orElseThrow();

            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            enough.set(true);
            uploads.get();
            assertThat(service.get(location).body()).isEqualTo(made.body());
            assertThat(json(service.get(BACKUPS)).at("/items/0/id").asString()).isEqualTo(idOf(location));
        }
        Path copy = data.resolve("backups").resolve(idOf(location));
        try (Service restored = new Service(copy)) {
            assertThat(restored.send("POST", "/api/v1/models/kept/score", SCORE).body())
                    .isEqualTo(scores);
            List<String> samples = restored.send("GET", "/api/v1/series/counted/samples", "", "Accept: text/csv")
                    .body()
                    .lines()
                    .toList();
            assertThat(samples).hasSizeGreaterThan(promised);
            for (int i = 0; i < samples.size() - 1; i++) {
                assertThat(samples.get(i + 1)).endsWith("," + i + ".0");
            }
            assertThat(json(restored.get("/api/v1/jobs"))
                            .get("items")
                            .valueStream()
                            .filter(job -> job.get("kind").asString().equals("backup"))
                            .map(job -> job.get("state").asString()))
                    .as("it does not back itself up")
                    .containsExactly("cancelled");
            assertThat(json(restored.get(BACKUPS)).get("items").size()).isZero();
        }
    }

    @Test
    void listsAndDeletesBackups() throws Exception {
        try (Service service = new Service(directory)) {
            String first = service.send("POST", BACKUPS, "", WAIT)
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();
            String second = service.send("POST", BACKUPS, "", WAIT)
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();

            JsonNode page = json(service.get(BACKUPS + "?limit=1"));
            assertThat(page.at("/items/0/id").asString()).isEqualTo(idOf(second));
            assertThat(page.at("/items/0/bytes").asLong()).isPositive();
            assertThat(json(service.get(BACKUPS + "?limit=1&cursor="
                                    + page.get("next").asString()))
                            .at("/items/0/id")
                            .asString())
                    .isEqualTo(idOf(first));

            assertThat(service.send("DELETE", first, "").statusCode()).isEqualTo(204);
            for (String gone : List.of(first, BACKUPS + "/models")) {
                for (String method : List.of("GET", "DELETE")) {
                    HttpResponse<String> answer = service.send(method, gone, "");
                    assertThat(answer.statusCode()).as(gone).isEqualTo(404);
                    assertThat(json(answer).get("type").asString()).isEqualTo("/problems/backup-not-found");
                }
            }
            for (String method : List.of("GET", "DELETE")) {
                for (String outside : List.of("/..%2Fmodels", "/%2E%2E")) {
                    assertThat(service.send(method, BACKUPS + outside, "").statusCode())
                            .as(outside)
                            .isEqualTo(400);
                }
            }
            assertThat(children(directory.resolve("backups"))).containsExactly(idOf(second));
            assertThat(children(directory)).contains("models", "telltale.db");
        }
    }

    @Test
    void sweepsWhatAnEndOfTheProcessLeftUnfinished() throws IOException {
        Path left = Files.createDirectories(directory.resolve("backups").resolve("20240301T000000000Z.unfinished"));
        Files.createFile(left.resolve("telltale.db"));
        try (Service service = new Service(directory)) {
            assertThat(service.bean(Backups.class).newest(Optional.empty(), 10)).isEmpty();
            assertThat(left).doesNotExist();
        }
    }

    @Test
    void keepsTheModelsWhoseFilesAreLostAsTheyAre() throws Exception {
        try (Service service = new Service(directory)) {
            service.send("POST", "/api/v1/series/waves/samples", waves());
            train(service, "lost", 1, WAIT);
            try (Stream<Path> files = Files.list(directory.resolve("models/lost/1"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory.resolve("models/lost/1"));

            assertThat(service.send("POST", BACKUPS, "", WAIT).statusCode()).isEqualTo(201);
        }
    }

    private static void upload(Service service, AtomicInteger acknowledged, AtomicBoolean enough) {
        try {
            while (!enough.get()) {
                int next = acknowledged.get();
                String csv = "timestamp,value\n%d,%d\n".formatted(START + 1_000L * next, next);
                assertThat(service.send("POST", "/api/v1/series/counted/samples", csv)
                                .statusCode())
                        .isEqualTo(200);
                acknowledged.incrementAndGet();
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> train(Service service, String name, int epochs, String... headers)
            throws IOException, InterruptedException {
        String specification = """
                {"name":"%s","series":["waves"],"windowing":{"length":8},
                 "training":{"epochs":%d,"earlyStopping":null}}""".formatted(name, epochs);
        return service.send("POST", "/api/v1/models", specification, headers);
    }

    private static String waves() {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 2_000; i++) {
            csv.append(START + 60_000L * i)
                    .append(',')
                    .append(Math.sin(i / 10.0))
                    .append('\n');
        }
        return csv.toString();
    }

    private static List<String> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static String idOf(String location) {
        return location.substring(location.lastIndexOf('/') + 1);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return new Json().mapper().readTree(answer.body());
    }
}
