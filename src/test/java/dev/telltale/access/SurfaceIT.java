package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.Database;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/// What every answer of a service with keys has in common, and what none tells.
@ExtendWith(OutputCaptureExtension.class)
class SurfaceIT {

    /// Endpoints that Actuator has or had, and that must not be there.
    private static final List<String> ENDPOINTS = List.of(
            "",
            "auditevents",
            "beans",
            "caches",
            "conditions",
            "configprops",
            "env",
            "env/java.home",
            "flyway",
            "gateway",
            "heapdump",
            "httpexchanges",
            "httptrace",
            "integrationgraph",
            "jolokia",
            "liquibase",
            "logfile",
            "loggers",
            "loggers/ROOT",
            "mappings",
            "metrics",
            "metrics/jvm.memory.used",
            "quartz",
            "refresh",
            "restart",
            "sbom",
            "sbom/application",
            "scheduledtasks",
            "sessions",
            "shutdown",
            "startup",
            "threaddump",
            "trace");

    @TempDir
    private static Path data;

    private static RunningService service;
    private static String admin = "";
    private static String reader = "";
    private static String secret = "";

    @BeforeAll
    static void start() throws IOException {
        service = new RunningService(
                data,
                "--telltale.public-url=https://telltale.example.com/x",
                "--telltale.http.max-body=1KB",
                "--logging.level.dev.telltale=debug");
        Keys keys = service.bean(Keys.class);
        KeyText made = keys.create("operator", Set.of(Role.ADMIN), null, "test").text();
        secret = made.secret();
        admin = "Authorization: Bearer " + made.written();
        reader = "Authorization: Bearer "
                + keys.create("reader", Set.of(Role.READER), null, "test")
                        .text()
                        .written();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void everyAnswerHasTheHeadersThatKeepBrowsersFromHarmAndNoneSetsACookie() throws Exception {
        service.send("PUT", "/api/v1/series/cpu", "{}", admin);
        String tag = service.get("/api/v1/series/cpu", admin)
                .headers()
                .firstValue("ETag")
                .orElse("");
        String id = service.bean(Keys.class)
                .create("short", Set.of(Role.READER), null, "test")
                .key()
                .id();
        List<HttpResponse<String>> answers = List.of(
                service.get("/api/v1/series/cpu", admin),
                service.send("DELETE", "/api/v1/keys/" + id, "", admin),
                service.get("/api/v1/series/cpu", admin, "If-None-Match: " + tag),
                service.get("/api/v1/series?limit=x", admin),
                service.get("/api/v1/series"),
                service.get("/api/v1/keys", reader),
                service.get("/api/v1/series/none", admin),
                service.send("PATCH", "/api/v1/series", "", admin),
                service.send("POST", "/api/v1/models", "{" + " ".repeat(2000) + "}", admin),
                service.get("/", admin),
                service.get("/api/v1/series", "X-Long: " + "x".repeat(10_000)), // the container refuses it
                broken());
        assertThat(answers)
                .extracting(HttpResponse::statusCode)
                .containsExactly(200, 204, 304, 400, 401, 403, 404, 405, 413, 302, 400, 500);
        answers.forEach(answer -> {
            int status = answer.statusCode();
            assertThat(answer.headers().map())
                    .as("%d", status)
                    .containsEntry("x-content-type-options", List.of("nosniff"))
                    .containsEntry("referrer-policy", List.of("no-referrer"))
                    .containsEntry("cache-control", List.of("no-store"))
                    .containsKey("content-security-policy")
                    .doesNotContainKeys("set-cookie", "server", "x-powered-by", "strict-transport-security")
                    .doesNotContainKeys("access-control-allow-origin");
            assertThat(answer.headers().map().get("content-security-policy"))
                    .as("%d", status)
                    .singleElement()
                    .asString()
                    .contains("frame-ancestors 'none'");
            if (status >= 400) {
                assertThat(answer.headers().firstValue("content-type"))
                        .as("%d", status)
                        .contains("application/problem+json");
            }
        });
    }

    /// An answer to a failure that nobody foresaw: a table has gone.
    private static HttpResponse<String> broken() throws IOException, InterruptedException {
        service.bean(Database.class).write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute("ALTER TABLE alert_silence RENAME TO gone");
            }
        });
        HttpResponse<String> answer = service.get("/api/v1/silences", admin);
        service.bean(Database.class).write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute("ALTER TABLE gone RENAME TO alert_silence");
            }
        });
        assertThat(answer.body()).doesNotContain("alert_silence", "SQL", "Exception", "dev.telltale");
        return answer;
    }

    @Test
    void nothingOfActuatorIsThereButHealthInfoAndPrometheus() throws IOException, InterruptedException {
        assertThat(ENDPOINTS).hasSizeGreaterThan(30);
        for (String endpoint : ENDPOINTS) {
            String path = "/actuator/" + endpoint;
            assertThat(service.answer("GET", path).status()).as(path).isEqualTo(401);
            assertThat(service.answer("GET", path, admin).status()).as(path).isEqualTo(404);
            assertThat(service.answer("POST", path, admin).status()).as(path).isEqualTo(404);
        }
        assertThat(service.get("/actuator/info").body()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1//series",
                "/api/v1/keys;jsessionid=1",
                "/api/v1/models;a=b/x",
                "/api/v1/series/%2e%2e/keys",
                "/api/v1/models/..%2Fkeys",
                "/api/v1/models/%252e",
                "/api/v1/models/a%5Cb",
                "/api/v1/%6Beys",
                "/%61pi/v1/models/m/score",
                "/api/v1/%69ngest/prometheus/write",
                "/actuator/health/liveness/..;/..;/env"
            })
    void anAddressThatCouldBeReadInTwoWaysIsRefused(String path) throws IOException, InterruptedException {
        for (String[] headers : new String[][] {{}, {admin}}) {
            HttpResponse<String> answer = service.get(path, headers);
            assertThat(answer.statusCode()).as(path).isEqualTo(400);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        }
    }

    @Test
    void sendersHearOfRefusalsInTheFormTheyRead() throws IOException, InterruptedException {
        String type = "Content-Type: application/json";
        HttpResponse<String> unknown = service.send("POST", "/v1/metrics", "{}", type);
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.headers().allValues("WWW-Authenticate")).hasSize(2);
        assertThat(unknown.body()).contains("\"code\":16").contains("The caller is not known");
        HttpResponse<String> forbidden = service.send("POST", "/v1/metrics", "{}", type, reader);
        assertThat(forbidden.statusCode()).isEqualTo(403);
        assertThat(forbidden.body()).contains("\"code\":7");

        HttpResponse<String> write = service.send(
                "POST",
                "/api/v1/ingest/prometheus/write",
                "x",
                "Content-Type: application/x-protobuf",
                "Content-Encoding: snappy");
        assertThat(write.statusCode()).isEqualTo(401);
        assertThat(write.body().substring(0, Math.min(write.body().length(), 1024)))
                .contains("The caller is not known");
    }

    @Test
    void aPageOfAnotherSiteChangesNothing() throws IOException, InterruptedException {
        String host = "127.0.0.1:" + service.port();
        for (String foreign : List.of(
                "https://evil.example.com",
                "null",
                "http://127.0.0.1:1",
                "http://" + host + ".evil.example.com",
                "x y")) {
            HttpResponse<String> answer =
                    service.send("PUT", "/api/v1/series/foreign", "{}", admin, "Origin: " + foreign);
            assertThat(answer.statusCode()).as(foreign).isEqualTo(403);
            assertThat(answer.body()).contains("/problems/forbidden");
            assertThat(service.get("/api/v1/series", admin, "Origin: " + foreign)
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(service.get("/api/v1/series/foreign", admin).statusCode()).isEqualTo(404);
        for (String own : List.of("http://" + host, "https://telltale.example.com")) {
            assertThat(service.send("PUT", "/api/v1/series/own", "{}", admin, "Origin: " + own)
                            .statusCode())
                    .as(own)
                    .isIn(200, 201);
        }
    }

    @Test
    void whoIsNotKnownHasNoBodyRead() throws IOException, InterruptedException {
        HttpResponse<String> large = service.send("POST", "/api/v1/models", "{" + " ".repeat(4000) + "}");
        assertThat(large.statusCode()).as("not 413").isEqualTo(401);
        HttpResponse<String> coded =
                service.send("POST", "/api/v1/models", "{}", "Content-Encoding: br", "Idempotency-Key: \u00a0");
        assertThat(coded.statusCode()).as("not 415, nor 400").isEqualTo(401);
    }

    @Test
    void noSecretIsToldOrLogged(CapturedOutput output) throws Exception {
        String canary = KeyText.fresh().written();
        String hidden = canary.substring(16);
        String basic = Base64.getEncoder().encodeToString(("me:" + canary).getBytes(StandardCharsets.UTF_8));
        String delivery = "{\"requestId\":\"1\",\"timestamp\":1578090901599,\"records\":[]}";
        List<HttpResponse<String>> answers = new ArrayList<>(List.of(
                service.get("/api/v1/series", "Authorization: Bearer " + canary),
                service.get("/api/v1/series", "Authorization: Basic " + basic),
                service.get("/api/v1/series", "Authorization: " + canary),
                service.get("/api/v1/series?api_key=" + canary),
                service.get("/api/v1/series?api_key=" + canary, admin),
                service.get("/api/v1/series", admin, "X-API-Key: " + canary),
                service.send("POST", Credentials.FIREHOSE_PATH, delivery, Credentials.FIREHOSE_KEY + ": " + canary),
                service.send(
                        "POST", Credentials.FIREHOSE_PATH, delivery, admin, Credentials.FIREHOSE_KEY + ": " + canary),
                service.send(
                        "POST",
                        "/v1/metrics",
                        "{}",
                        "Content-Type: application/json",
                        "Authorization: Bearer x" + canary),
                service.send("POST", "/api/v1/keys", "{\"name\":\"x\",\"key\":\"" + canary + "\"}", admin),
                service.get("/api/v1/keys/" + secret, reader),
                service.get("/api/v1/keys", admin),
                service.get("/actuator/health", admin),
                service.get("/actuator/prometheus", admin)));
        for (HttpResponse<String> answer : answers) {
            assertThat(answer.body()).as("%s", answer.uri().getPath()).doesNotContain(hidden, basic);
            if (!answer.uri().getPath().contains(secret)) {
                assertThat(answer.body()).doesNotContain(secret);
            }
            answer.headers()
                    .map()
                    .forEach((name, values) ->
                            assertThat(values.toString()).as(name).doesNotContain(hidden, secret));
        }
        service.get("/api/v1/models/" + canary, admin);
        broken();
        assertThat(output.getAll())
                .contains("key:"
                        + KeyText.parse(admin.substring(22)).orElseThrow().id())
                .doesNotContain(hidden, basic, secret);
    }
}
