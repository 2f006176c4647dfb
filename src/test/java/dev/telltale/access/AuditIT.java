package dev.telltale.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What the log of changes tells of requests, and what it keeps from being done.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditIT {

    private static final String TRAINING = """
            {"name":"m","series":["cpu"],"windowing":{"length":4},"training":{"epochs":1}}""";

    private Path directory;
    private RunningService service;
    private EventsOnDisk onDisk;

    @BeforeAll
    void start(@TempDir Path data) throws IOException, InterruptedException {
        directory = data;
        onDisk = new EventsOnDisk(data);
        service = new RunningService(data);
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 300; i++) {
            csv.append(1_704_067_200_000L + i * 60_000L)
                    .append(',')
                    .append(i % 24)
                    .append('\n');
        }
        assertThat(service.send("POST", "/api/v1/series/cpu/samples", csv.toString())
                        .statusCode())
                .isEqualTo(200);
        assertThat(service.send("POST", "/api/v1/models", TRAINING, "Prefer: wait=60")
                        .statusCode())
                .isEqualTo(201);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @BeforeEach
    void forgetWhatWas() throws IOException {
        service.bean(RefusalAudit.class).tell();
        onDisk.news();
    }

    @Test
    void tellsOfEachChangeOnce() throws IOException, InterruptedException {
        Object[][] changes = {
            {"PUT", "/api/v1/series/disk", "{\"unit\":\"bytes\"}", "PUT /api/v1/series/{name}", 201},
            {"PUT", "/api/v1/series/disk", "{\"unit\":\"bits\"}", "PUT /api/v1/series/{name}", 200},
            {
                "POST",
                "/api/v1/series/disk/annotations",
                "{\"start\":\"2024-01-01T04:40:00Z\",\"end\":\"2024-01-01T04:45:00Z\",\"verdict\":\"anomalous\"}",
                "POST /api/v1/series/{id}/annotations",
                201
            },
            {
                "PUT",
                "/api/v1/series/disk/annotations",
                "{\"annotations\":[]}",
                "PUT /api/v1/series/{id}/annotations",
                200
            },
            {"DELETE", "/api/v1/series/disk", "", "DELETE /api/v1/series/{id}", 204},
            {"POST", "/api/v1/models/m/versions", "{}", "POST /api/v1/models/{name}/versions", 202},
            {"PUT", "/api/v1/models/m/active", "{\"version\":1}", "PUT /api/v1/models/{name}/active", 200},
            {"PUT", "/api/v1/detectors/d", "{\"model\":\"m\",\"select\":\"cpu\"}", "PUT /api/v1/detectors/{name}", 201},
            {"DELETE", "/api/v1/detectors/d", "", "DELETE /api/v1/detectors/{name}", 204},
            {
                "PUT",
                "/api/v1/receivers/r",
                "{\"kind\":\"alertmanager\",\"url\":\"https://198.41.0.4/\"}",
                "PUT /api/v1/receivers/{name}",
                201
            },
            {"DELETE", "/api/v1/receivers/r", "", "DELETE /api/v1/receivers/{name}", 204},
            {"POST", "/api/v1/backups", "{}", "POST /api/v1/backups", 202},
        };
        for (int i = 0; i < changes.length; i++) {
            Object[] change = changes[i];
            String id = "change-" + i;
            HttpResponse<String> answer = service.send(
                    change[0].toString(), change[1].toString(), change[2].toString(), "X-Request-Id: " + id);
            assertThat(answer.statusCode()).as(change[3] + answer.body()).isEqualTo(change[4]);
            List<JsonNode> events = news();
            assertThat(events).as(change[3].toString()).hasSize(1);
            JsonNode event = events.getFirst();
            assertThat(event.get("event").asString()).isEqualTo("change");
            assertThat(event.get("who").asString()).isEqualTo("anonymous");
            assertThat(event.get("address").asString()).isEqualTo("127.0.0.1");
            assertThat(event.get("action").asString()).isEqualTo(change[3]);
            assertThat(event.get("object").asString())
                    .isEqualTo(
                            change[0].equals("POST")
                                    ? answer.headers().firstValue("Location").orElseThrow()
                                    : change[1]);
            assertThat(event.get("status").asInt()).isEqualTo(change[4]);
            assertThat(event.get("requestId").asString()).isEqualTo(id);
            assertThat(event.get("time").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
        }
    }

    @Test
    void tellsNothingOfSamplesAndOfWhatOnlyComputes() throws IOException, InterruptedException {
        String sample = "timestamp,value\n2024-01-02T00:00:00Z,1\n";
        assertThat(service.send("POST", "/api/v1/series/cpu/samples", sample).statusCode())
                .isEqualTo(200);
        service.send("POST", "/api/v1/summaries", sample);
        service.send("POST", "/api/v1/uploads", "timestamp,reads\n2024-01-02T00:00:00Z,1\n");
        service.send("POST", "/api/v1/models/m/score", "{}");
        service.send("POST", "/api/v1/architectures", "{\"architecture\":{\"preset\":\"base\"}}");
        service.send("POST", "/api/v1/attention", "{\"series\":\"cpu\",\"heads\":2,\"windowing\":{\"length\":4}}");
        service.send("POST", "/api/v1/ingest/prometheus/write", "{}");
        service.send("POST", "/v1/metrics", "{}");
        service.send("POST", "/nowhere", "{}");
        service.send("PATCH", "/api/v1/series/cpu", "{}");
        service.get("/api/v1/models/m");
        assertThat(news()).isEmpty();
    }

    @Test
    void tellsOfARequestThatIsAnsweredAgainOnlyOnce() throws IOException, InterruptedException {
        for (int i = 0; i < 2; i++) {
            assertThat(service.send(
                                    "POST",
                                    "/api/v1/silences",
                                    "{\"matchers\":\"{detector=\\\"d\\\"}\",\"start\":\"2030-01-01T00:00:00Z\","
                                            + "\"end\":\"2030-01-02T00:00:00Z\"}",
                                    "Idempotency-Key: once")
                            .statusCode())
                    .isEqualTo(201);
        }
        assertThat(news()).hasSize(1);
    }

    @Test
    void tellsOfTheFirstRefusedChangeAtOnce() throws IOException, InterruptedException {
        for (int i = 0; i < 20; i++) {
            assertThat(service.send("DELETE", "/api/v1/models/none-" + i, "").statusCode())
                    .isEqualTo(404);
        }
        List<JsonNode> events = news();
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().get("event").asString()).isEqualTo("refused-change");
        assertThat(events.getFirst().get("object").asString()).isEqualTo("/api/v1/models/none-0");
        service.bean(RefusalAudit.class).tell();
        events = news();
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().get("count").asInt()).isEqualTo(19);
    }

    @Test
    void keepsALineALineWhateverTheAddressHolds() throws IOException, InterruptedException {
        String odd = "/api/v1/models/%22,%22event%22:%22key-created%E2%80%AE";
        service.send("DELETE", odd, "", "X-Forwarded-For: 192.0.2.9");
        List<JsonNode> events = news();
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().get("event").asString()).isEqualTo("refused-change");
        assertThat(events.getFirst().get("object").asString()).isEqualTo(odd);
        assertThat(events.getFirst().get("address").asString()).isEqualTo("127.0.0.1");
    }

    @Test
    void listsTheNewestFirstInParts() throws IOException, InterruptedException {
        for (int i = 0; i < 5; i++) {
            service.send("PUT", "/api/v1/series/listed-" + i, "{}");
        }
        List<String> objects = new ArrayList<>();
        String path = "/api/v1/audit?limit=2";
        JsonNode page = page(path);
        while (objects.size() < 5) {
            assertThat(page.get("items").size()).isEqualTo(2);
            page.get("items").forEach(item -> objects.add(item.get("object").asString()));
            page = page(path + "&cursor=" + page.get("next").asString());
        }
        assertThat(objects.subList(0, 5))
                .containsExactly(
                        "/api/v1/series/listed-4",
                        "/api/v1/series/listed-3",
                        "/api/v1/series/listed-2",
                        "/api/v1/series/listed-1",
                        "/api/v1/series/listed-0");
        assertThat(page("/api/v1/audit?start=2020-01-01T00:00:00Z&end=2020-01-02T00:00:00Z")
                        .get("items"))
                .isEmpty();
        assertThat(page("/api/v1/audit?start=2020-01-01T00:00:00Z").get("items"))
                .isNotEmpty();
        String future = Instant.now().plus(1, ChronoUnit.HOURS).toString();
        assertThat(page("/api/v1/audit?start=" + future).get("items"))
                .as("all was before")
                .isEmpty();
        assertThat(page("/api/v1/audit?log=refusals&start=" + future).get("items"))
                .isEmpty();
        assertThat(service.get("/api/v1/audit?cursor=YXVkaXQ6MS0").statusCode()).isEqualTo(400);
        assertThat(service.get("/api/v1/audit?limit=0").statusCode()).isEqualTo(400);
    }

    @Test
    void letsNothingBeChangedWhileNobodyCouldBeToldOfIt() throws IOException, InterruptedException {
        Path log = directory.resolve("audit");
        Path away = directory.resolve("away");
        Files.move(log, away);
        Files.createFile(log);
        try {
            HttpResponse<String> refused = service.send("PUT", "/api/v1/series/untold", "{}");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("30");
            assertThat(refused.body()).contains("/problems/audit-unavailable");
            assertThat(service.get("/api/v1/series/untold").statusCode())
                    .as("was not made")
                    .isEqualTo(404);
            assertThat(service.send("DELETE", "/api/v1/models/m", "").statusCode())
                    .isEqualTo(503);
            assertThat(service.get("/api/v1/models/m").statusCode()).isEqualTo(200);
            assertThat(service.send("POST", "/api/v1/series/cpu/samples", "timestamp,value\n2024-01-03T00:00:00Z,1\n")
                            .statusCode())
                    .as("samples are taken all the same")
                    .isEqualTo(200);
            assertThat(service.send("POST", "/api/v1/models/m/score", "{}").statusCode())
                    .isEqualTo(200);
        } finally {
            Files.delete(log);
            Files.move(away, log);
        }
        assertThat(service.send("PUT", "/api/v1/series/untold", "{}").statusCode())
                .isEqualTo(201);
        assertThat(news()).hasSize(1);
    }

    /// The log breaks between the moment when a change may begin and the one when it is told of. A body is asked for
    /// before the log is, so the first moment comes a little later: a try that was too early is refused without
    /// anything having been done, and the next one waits longer.
    @Test
    void answersWhoCouldNotBeToldOnceTheLogIsWrittenAgain() throws IOException, InterruptedException {
        String body = "{\"matchers\":\"{detector=\\\"late\\\"}\",\"start\":\"2030-01-01T00:00:00Z\","
                + "\"end\":\"2030-01-02T00:00:00Z\"}";
        HttpResponse<String> again;
        int tries = 0;
        do {
            news();
            String key = "Idempotency-Key: late-" + tries;
            breakTheLogUnder(body, key, 20L << tries);
            again = service.send("POST", "/api/v1/silences", body, key);
            assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
            tries++;
        } while (again.headers().firstValue("Idempotency-Replayed").isEmpty() && tries < 9);
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
        List<JsonNode> events = news();
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().get("event").asString()).isEqualTo("change");
        assertThat(events.getFirst().get("object").asString())
                .isEqualTo(again.headers().firstValue("Location").orElseThrow());
    }

    /// Makes a silence while the log cannot be written, which could be when its request began.
    private void breakTheLogUnder(String body, String key, long millis) throws IOException, InterruptedException {
        String head = "POST /api/v1/silences HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Connection: close\r\n" + key + "\r\nExpect: 100-continue\r\nContent-Length: "
                + body.length() + "\r\n\r\n";
        Path log = directory.resolve("audit");
        Path away = directory.resolve("away");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(head.getBytes(UTF_8));
            byte[] begun = socket.getInputStream().readNBytes("HTTP/1.1 100 \r\n\r\n".length());
            assertThat(new String(begun, UTF_8)).startsWith("HTTP/1.1 100");
            Thread.sleep(millis);
            Files.move(log, away);
            Files.createFile(log);
            try {
                socket.getOutputStream().write(body.getBytes(UTF_8));
                assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                        .startsWith("HTTP/1.1 503")
                        .contains("/problems/audit-unavailable")
                        .doesNotContain("Location");
            } finally {
                Files.delete(log);
                Files.move(away, log);
            }
        }
    }

    @Test
    void tellsOfAChangeWhoseCallerWentAway() throws IOException, InterruptedException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.getOutputStream()
                    .write(("PUT /api/v1/series/aborted HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"unit\":")
                            .getBytes(UTF_8));
        }
        List<JsonNode> events = news();
        for (int i = 0; i < 400 && events.isEmpty(); i++) {
            Thread.sleep(50);
            events = news();
        }
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().get("event").asString()).isEqualTo("refused-change");
        assertThat(events.getFirst().get("object").asString()).isEqualTo("/api/v1/series/aborted");
        assertThat(events.getFirst().get("status").asInt()).isEqualTo(400);
    }

    @Test
    void tellsOfPagesOfOtherSitesAndOfAddressesThatReadTwoWays() throws IOException, InterruptedException {
        assertThat(service.send("PUT", "/api/v1/series/foreign", "{}", "Origin: https://evil.example.com")
                        .statusCode())
                .isEqualTo(403);
        assertThat(service.get("/api/v1/%73eries").statusCode()).isEqualTo(400);
        assertThat(news().stream()
                        .map(event -> event.get("event").asString() + " "
                                + event.get("object").asString()))
                .containsExactly("forbidden /api/v1/series/foreign", "bad-address /api/v1/%73eries");
    }

    @Test
    void tellsOfAModelWhoseFileIsDamaged() throws IOException, InterruptedException {
        String other = TRAINING.replace("\"m\"", "\"damaged\"");
        assertThat(service.send("POST", "/api/v1/models", other, "Prefer: wait=60")
                        .statusCode())
                .isEqualTo(201);
        Path file = directory.resolve("models/damaged/1/model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThat(news()).hasSize(1);
        for (int i = 0; i < 3; i++) {
            assertThat(service.send("POST", "/api/v1/models/damaged/score", "{}")
                            .statusCode())
                    .isEqualTo(503);
        }
        List<JsonNode> events = news();
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().get("event").asString()).isEqualTo("model-corrupt");
        assertThat(events.getFirst().get("object").asString()).isEqualTo("/api/v1/models/damaged/versions/1");
    }

    private JsonNode page(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = service.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new Json().mapper().readTree(answer.body());
    }

    /// The events since this was asked last.
    private List<JsonNode> news() throws IOException {
        return onDisk.news();
    }
}
