package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What the log of changes tells of keys and their holders, and who passes while somebody guesses keys.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyAuditIT {

    private static final String SERIES = "/api/v1/series";

    private Path directory;
    private RunningService service;
    private Keys.Made admin;
    private Keys.Made reader;
    private EventsOnDisk onDisk;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        directory = data;
        onDisk = new EventsOnDisk(data);
        service = new RunningService(
                data, "--telltale.access.rate.failures=1"); // or a slow machine keeps up with guesses
        admin = service.bean(Keys.class).create("first", Set.of(Role.ADMIN), null, "test");
        reader = service.bean(Keys.class).create("look", Set.of(Role.READER), null, "test");
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
    void tellsOnceOfEachKeyThatIsMadeOrRevokedAndNeverItsSecret() throws IOException, InterruptedException {
        HttpResponse<String> made = service.send(
                "POST",
                "/api/v1/keys",
                "{\"name\":\"agent\",\"roles\":[\"writer\"]}",
                shown(admin),
                "X-Request-Id: make");
        assertThat(made.statusCode()).isEqualTo(201);
        JsonNode key = new Json().mapper().readTree(made.body());
        String path = "/api/v1/keys/" + key.get("id").asString();
        List<JsonNode> events = news();
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().get("event").asString()).isEqualTo("key-created");
        assertThat(events.getFirst().get("who").asString())
                .isEqualTo("key:" + admin.key().id());
        assertThat(events.getFirst().get("address").asString()).isEqualTo("127.0.0.1");
        assertThat(events.getFirst().get("action").asString()).isEqualTo("POST /api/v1/keys");
        assertThat(events.getFirst().get("object").asString()).isEqualTo(path);
        assertThat(events.getFirst().get("requestId").asString()).isEqualTo("make");
        assertThat(events.getFirst().get("detail").asString()).isEqualTo("'agent' with the roles writer");

        assertThat(service.send("DELETE", path, "", shown(admin)).statusCode()).isEqualTo(204);
        events = news();
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().get("event").asString()).isEqualTo("key-revoked");
        assertThat(events.getFirst().get("object").asString()).isEqualTo(path);

        assertThat(service.send("POST", "/api/v1/keys", "{\"name\":\"agent\",\"roles\":[\"king\"]}", shown(admin))
                        .statusCode())
                .isEqualTo(400);
        assertThat(news())
                .singleElement()
                .satisfies(event -> assertThat(event.get("event").asString()).isEqualTo("refused-change"));
        for (Path file : List.of(log(), refusals())) {
            assertThat(Files.readString(file))
                    .isNotEmpty()
                    .doesNotContain(
                            key.get("key").asString().substring(20),
                            admin.text().secret());
        }
    }

    @Test
    void tellsWhoShowedNothingValidAndWhoMayNot() throws IOException, InterruptedException {
        assertThat(service.get(SERIES, "Authorization: Bearer tt_aaaaaaaaaaaa_wrong-secret")
                        .statusCode())
                .isEqualTo(401);
        List<JsonNode> events = news();
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().get("event").asString()).isEqualTo("unauthenticated");
        assertThat(events.getFirst().get("who").asString()).isEqualTo("anonymous");
        assertThat(events.getFirst().get("object").asString()).isEqualTo(SERIES);
        assertThat(events.getFirst().get("detail").asString()).isEqualTo("shows a key of the id aaaaaaaaaaaa");

        assertThat(service.send("PUT", SERIES + "/cpu", "{}", shown(reader)).statusCode())
                .isEqualTo(403);
        events = news();
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().get("event").asString()).isEqualTo("forbidden");
        assertThat(events.getFirst().get("who").asString())
                .isEqualTo("key:" + reader.key().id());
        assertThat(events.getFirst().get("status").asInt()).isEqualTo(403);
        assertThat(service.get("/api/v1/audit", shown(reader)).statusCode()).isEqualTo(403);
        assertThat(service.get("/api/v1/audit", shown(admin)).statusCode()).isEqualTo(200);
        assertThat(Files.readString(refusals())).contains("aaaaaaaaaaaa").doesNotContain("wrong-secret");
    }

    @Test
    void makesNoKeyThatNobodyCouldBeToldOfAndRevokesOneAllTheSame() throws IOException, InterruptedException {
        Path audit = log().getParent();
        Path away = directory.resolve("away");
        Keys.Made lost = service.bean(Keys.class).create("lost", Set.of(Role.READER), null, "test");
        int keys = service.bean(Keys.class).list(0, 1_000).size();
        news();
        Files.move(audit, away);
        Files.createFile(audit);
        try {
            assertThat(service.send("POST", "/api/v1/keys", "{\"name\":\"x\",\"roles\":[\"reader\"]}", shown(admin))
                            .statusCode())
                    .isEqualTo(503);
            assertThat(service.send("DELETE", "/api/v1/keys/" + lost.key().id(), "", shown(admin))
                            .statusCode())
                    .isEqualTo(204);
            assertThat(service.get(SERIES, shown(lost)).statusCode()).isEqualTo(401);
            assertThat(service.get(SERIES, shown(reader)).statusCode())
                    .as("is valid, and reading goes on")
                    .isEqualTo(200);
        } finally {
            Files.delete(audit);
            Files.move(away, audit);
        }
        assertThat(service.bean(Keys.class).list(0, 1_000)).hasSize(keys);
        assertThat(service.send("PUT", SERIES + "/after", "{}", shown(admin)).statusCode())
                .isEqualTo(201);
        assertThat(news())
                .extracting(event -> event.get("event").asString())
                .as("told of late")
                .startsWith("key-revoked", "change");
    }

    @Test
    void letsRightKeysPassWhileAThousandWrongOnesComeFromTheSameAddress() throws IOException, InterruptedException {
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (int i = 0; i < 1_000; i++) {
            String guess = "Authorization: Bearer tt_%012d_%043d".formatted(i, i);
            statuses.merge(service.get(SERIES, guess).statusCode(), 1, Integer::sum);
            if (i % 10 == 0) {
                assertThat(service.get(SERIES, shown(reader)).statusCode())
                        .as("with a right key from the same address")
                        .isEqualTo(200);
                assertThat(service.sendFromElsewhere("GET", SERIES, "", shown(reader))
                                .statusCode())
                        .as("with a right key from another address")
                        .isEqualTo(200);
            }
        }
        assertThat(statuses).containsOnlyKeys(401, 429);
        assertThat(statuses.get(429)).as("of 1,000").isGreaterThan(500);
        service.bean(RefusalAudit.class).tell();
        List<JsonNode> events = news();
        assertThat(events).as("far fewer lines than guesses").hasSizeLessThan(10);
        assertThat(events.stream()
                        .mapToLong(event -> event.get("count").asLong())
                        .sum())
                .isEqualTo(1_000);
    }

    @Test
    void refusesWhoGuessesTheSecretOfOneKeyAndNotItsHolderElsewhere() throws IOException, InterruptedException {
        String guess = "Authorization: Bearer tt_" + reader.key().id() + "_" + "x".repeat(43);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            refused += service.sendFromElsewhere("GET", SERIES, "", guess).statusCode() == 429 ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(200);
        assertThat(service.get(SERIES, shown(reader)).statusCode()).isEqualTo(200);
        assertThat(service.sendFromElsewhere("GET", SERIES, "", shown(admin)).statusCode())
                .as("another key where they are guessed")
                .isEqualTo(200);
    }

    private static String shown(Keys.Made key) {
        return "Authorization: Bearer " + key.text().written();
    }

    /// The events since this was asked last.
    private List<JsonNode> news() throws IOException {
        return onDisk.news();
    }

    private Path log() {
        return directory.resolve("audit").resolve("audit.jsonl");
    }

    private Path refusals() {
        return log().resolveSibling("refusals.jsonl");
    }
}
