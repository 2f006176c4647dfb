package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Keys over HTTP, and the ways to show them.
class KeysIT {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path data;

    private static RunningService service;
    private static String admin = "";

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        service = new RunningService(data);
        assertThat(service.get("/api/v1/series").statusCode())
                .as("before the first key")
                .isEqualTo(200);
        admin = "Authorization: Bearer "
                + created("{\"name\":\"first\",\"roles\":[\"admin\"]}")
                        .get("key")
                        .asString();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void theFirstKeyEndsThatAnybodyIsServed() throws IOException, InterruptedException {
        HttpResponse<String> answer = service.get("/api/v1/series");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().allValues("WWW-Authenticate"))
                .containsExactly("Bearer realm=\"telltale\"", "Basic realm=\"telltale\", charset=\"UTF-8\"");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(JSON.readTree(answer.body()).get("type").asString()).isEqualTo("/problems/unauthorized");
        assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }

    @Test
    void aKeyIsShownOnceAndItsSecretKeptNowhere() throws IOException, InterruptedException {
        HttpResponse<String> answer = service.send(
                "POST",
                "/api/v1/keys",
                "{\"name\":\"once\",\"roles\":[\"metrics\",\"writer\"],\"expires\":\"2099-01-01T00:00:00Z\"}",
                admin,
                "Idempotency-Key: once");
        JsonNode made = JSON.readTree(answer.body());
        String key = made.get("key").asString();
        String path = "/api/v1/keys/" + made.get("id").asString();

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Location")).contains(path);
        assertThat(made.get("roles").toString()).isEqualTo("[\"writer\",\"metrics\"]");
        assertThat(key).matches("tt_[a-z0-9]{12}_[A-Za-z0-9_-]{43}");
        String secret = key.substring(key.indexOf('_', 3) + 1);
        for (String shown : new String[] {path, "/api/v1/keys?limit=1000"}) {
            HttpResponse<String> later = service.get(shown, admin);
            assertThat(later.statusCode()).isEqualTo(200);
            assertThat(later.body())
                    .contains("\"once\"", "2099-01-01T00:00:00Z")
                    .doesNotContain(secret, "hash");
        }
        for (String file : new String[] {"telltale.db", "telltale.db-wal"}) {
            assertThat(Files.readString(data.resolve(file), StandardCharsets.ISO_8859_1))
                    .as(file)
                    .doesNotContain(secret);
        }
    }

    @Test
    void aKeyIsTakenAsBearerAndAsThePasswordOfAnyUser() throws IOException, InterruptedException {
        String key =
                created("{\"name\":\"ways\",\"roles\":[\"reader\"]}").get("key").asString();

        assertThat(status("Authorization: Bearer " + key)).isEqualTo(200);
        assertThat(status("Authorization: bearer  " + key)).isEqualTo(200);
        assertThat(status(basic("prometheus:" + key))).isEqualTo(200);
        assertThat(status(basic(":" + key))).isEqualTo(200);
        assertThat(status(basic(key + ":"))).isEqualTo(401);
        assertThat(status("Authorization: " + key)).isEqualTo(401);
        assertThat(status("Authorization: Digest " + key)).isEqualTo(401);
        assertThat(status("X-API-Key: " + key)).isEqualTo(401);
        assertThat(status("Authorization: Bearer " + key, "Authorization: Bearer " + key))
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?api_key=%s", "?access_token=%s", "?key=%s", "?Authorization=Bearer%%20%s"})
    void aKeyInAnAddressIsNotTaken(String query) throws IOException, InterruptedException {
        String key =
                created("{\"name\":\"query\",\"roles\":[\"admin\"]}").get("key").asString();

        HttpResponse<String> answer = service.get("/api/v1/series" + query.formatted(key));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).doesNotContain(key.substring(15));
    }

    @Test
    void firehoseShowsItsKeyInItsOwnHeaderAndThereOnly() throws IOException, InterruptedException {
        String key = "X-Amz-Firehose-Access-Key: "
                + created("{\"name\":\"firehose\",\"roles\":[\"writer\"]}")
                        .get("key")
                        .asString();
        String delivery = "{\"requestId\":\"7\",\"timestamp\":1578090901599,\"records\":[]}";

        assertThat(service.send("POST", Credentials.FIREHOSE_PATH, delivery, key)
                        .statusCode())
                .isEqualTo(200);
        assertThat(status(key)).isEqualTo(401);
        HttpResponse<String> refused =
                service.send("POST", Credentials.FIREHOSE_PATH, delivery, key + "x", "X-Amz-Firehose-Request-Id: 8");
        assertThat(refused.statusCode()).isEqualTo(401);
        JsonNode answer = JSON.readTree(refused.body());
        assertThat(answer.get("requestId").asString()).isEqualTo("8");
        assertThat(answer.get("timestamp").isIntegralNumber()).isTrue();
        assertThat(answer.get("errorMessage").asString()).contains("The caller is not known");
    }

    @Test
    void anUnknownIdAndAWrongSecretAreAnsweredTheSame() throws IOException, InterruptedException {
        String key =
                created("{\"name\":\"same\",\"roles\":[\"reader\"]}").get("key").asString();
        String wrongSecret = key.substring(0, key.length() - 1) + (key.endsWith("A") ? "B" : "A");
        String unknownId = "tt_" + "z".repeat(12) + key.substring(15);

        HttpResponse<String> one = service.get("/api/v1/series", "Authorization: Bearer " + wrongSecret);
        HttpResponse<String> other = service.get("/api/v1/series", "Authorization: Bearer " + unknownId);

        assertThat(one.statusCode()).isEqualTo(401);
        assertThat(other.statusCode()).isEqualTo(401);
        assertThat(one.body()).isEqualTo(other.body());
        assertThat(one.headers().map().keySet()).isEqualTo(other.headers().map().keySet());
    }

    @Test
    void twoKeysAreValidAtATimeAndARevokedOneIsNot() throws IOException, InterruptedException {
        JsonNode old = created("{\"name\":\"rotated\",\"roles\":[\"reader\"]}");
        JsonNode fresh = created("{\"name\":\"rotated\",\"roles\":[\"reader\"]}");
        String path = "/api/v1/keys/" + old.get("id").asString();
        assertThat(status(bearer(old))).isEqualTo(200);
        assertThat(status(bearer(fresh))).isEqualTo(200);

        assertThat(service.send("DELETE", path, "", admin).statusCode()).isEqualTo(204);

        assertThat(status(bearer(old))).isEqualTo(401);
        assertThat(status(bearer(fresh))).isEqualTo(200);
        String revoked =
                JSON.readTree(service.get(path, admin).body()).get("revoked").asString();
        assertThat(Instant.parse(revoked)).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(service.send("DELETE", path, "", admin).statusCode())
                .as("again")
                .isEqualTo(204);
        assertThat(JSON.readTree(service.get(path, admin).body()).get("revoked").asString())
                .isEqualTo(revoked);
    }

    @Test
    void aKeyExpires() throws IOException, InterruptedException {
        Instant soon = Instant.now().plusMillis(1_500).truncatedTo(ChronoUnit.MILLIS);
        JsonNode key = created("{\"name\":\"short\",\"roles\":[\"reader\"],\"expires\":\"" + soon + "\"}");
        while (status(bearer(key)) == 200) {
            assertThat(Instant.now()).isBefore(soon.plusSeconds(5));
            Thread.sleep(50);
        }
        assertThat(Instant.now()).isAfterOrEqualTo(soon);
        assertThat(status(bearer(key))).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"\",\"roles\":[\"reader\"]}",
                "{\"name\":\"a\\nb\",\"roles\":[\"reader\"]}",
                "{\"name\":\"x\",\"roles\":[]}",
                "{\"name\":\"x\",\"roles\":[\"root\"]}",
                "{\"name\":\"x\",\"roles\":[\"reader\"],\"expires\":\"2020-01-01T00:00:00Z\"}",
                "{\"name\":\"x\",\"roles\":[\"reader\"],\"key\":\"tt_mine\"}",
                "{\"roles\":[\"reader\"]}"
            })
    void aKeyThatMakesNoSenseIsNotMade(String body) throws IOException, InterruptedException {
        assertThat(service.send("POST", "/api/v1/keys", body, admin).statusCode())
                .isEqualTo(400);
    }

    @Test
    void anAnswerIsKeptForItsCallerOnly() throws IOException, InterruptedException {
        String one = bearer(created("{\"name\":\"one\",\"roles\":[\"writer\"]}"));
        String other = bearer(created("{\"name\":\"other\",\"roles\":[\"writer\"]}"));
        String path = "/api/v1/series/kept/annotations";
        service.send("PUT", "/api/v1/series/kept", "{}", one);
        String first = "{\"start\":1400000000000,\"end\":1400000000000,\"verdict\":\"normal\",\"note\":\"of one\"}";
        String key = "Idempotency-Key: shared";

        HttpResponse<String> made = service.send("POST", path, first, one, key);
        HttpResponse<String> made2 = service.send("POST", path, first.replace("of one", "of two"), other, key);
        HttpResponse<String> again = service.send("POST", path, first, one, key);

        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(made2.statusCode()).as(made2.body()).isEqualTo(201);
        assertThat(made2.body()).contains("of two");
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(again.body()).isEqualTo(made.body());
    }

    @Test
    void aKeyMadeBesideTheServiceIsSeenSoonAfter() throws Exception {
        Keys keys = service.bean(Keys.class);
        KeyTable table = new KeyTable(service.bean(dev.telltale.database.Database.class));
        KeyText text = KeyText.fresh();
        table.add(text, "beside", Set.of(Role.READER), Instant.now(), null);
        Instant written = Instant.now();
        while (keys.check(text).isEmpty()) {
            assertThat(Instant.now()).isBefore(written.plusSeconds(5));
            Thread.sleep(20);
        }
        table.revoke(text.id(), Instant.now());
        Instant revoked = Instant.now();
        while (keys.check(text).isPresent()) {
            assertThat(Instant.now()).isBefore(revoked.plusSeconds(5));
            Thread.sleep(20);
        }
    }

    private static JsonNode created(String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = admin.isEmpty()
                ? service.send("POST", "/api/v1/keys", body)
                : service.send("POST", "/api/v1/keys", body, admin);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body());
    }

    private static int status(String... headers) throws IOException, InterruptedException {
        return service.get("/api/v1/series", headers).statusCode();
    }

    private static String bearer(JsonNode made) {
        return "Authorization: Bearer " + made.get("key").asString();
    }

    private static String basic(String pair) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
