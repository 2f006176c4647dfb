package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A caller who asks for more than its share, and its neighbours.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RateIT {

    private static final int BURST = 20;
    private static final String SERIES = "/api/v1/series";

    private RunningService service;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        service = new RunningService(
                directory, "--telltale.access.rate.requests=1", "--telltale.access.rate.burst=" + BURST);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void refusesWhoAsksForMoreThanItsShareAndNobodyElse() throws IOException, InterruptedException {
        HttpResponse<String> first = service.sendFromElsewhere("GET", SERIES, "");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("RateLimit-Policy")).contains("\"default\";q=20;w=20");
        assertThat(first.headers().firstValue("RateLimit")).contains("\"default\";r=19;t=1");

        HttpResponse<String> refused = exhaust();
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.headers().firstValue("RateLimit")).contains("\"default\";r=0;t=20");
        assertThat(refused.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = new Json().mapper().readTree(refused.body());
        assertThat(problem.get("type").asString()).isEqualTo("/problems/too-many-requests");
        assertThat(problem.get("status").asInt()).isEqualTo(429);

        assertThat(service.sendFromElsewhere("GET", SERIES, "").statusCode())
                .as("of a neighbour")
                .isEqualTo(200);
        exhaust();
        HttpResponse<String> health = service.get("/actuator/health/liveness");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.headers().firstValue("RateLimit")).isEmpty();
        assertThat(meter("telltale_limited_requests_total{reason=\"rate\"}")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void believesNoProxyOfWhomItSpeaksFor() throws IOException, InterruptedException {
        exhaust();
        int refused = 0;
        for (int i = 0; i < BURST; i++) {
            HttpResponse<String> answer = service.get(
                    SERIES, "X-Forwarded-For: 192.0.2." + i, "Forwarded: for=192.0.2." + i, "X-Real-IP: 192.0.2." + i);
            refused += answer.statusCode() == 429 ? 1 : 0;
        }
        assertThat(refused).as("as the same caller whatever it says").isPositive();
    }

    @Test
    void asksSendersOfSamplesToComeAgainInTheFormTheyRead() throws IOException, InterruptedException {
        HttpResponse<String> write = exhaust("/api/v1/ingest/prometheus/write", "application/x-protobuf");
        assertThat(write.statusCode())
                .as("a sender drops what is answered with 429")
                .isEqualTo(503);
        assertThat(write.headers().firstValue("Retry-After")).contains("1");
        assertThat(write.body()).contains("/problems/too-many-pushes");

        HttpResponse<String> otlp = exhaust("/v1/metrics", "application/json");
        assertThat(otlp.headers().firstValue("Retry-After")).contains("1");
        assertThat(otlp.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(new Json().mapper().readTree(otlp.body()).get("code").asInt())
                .as("gRPC's UNAVAILABLE")
                .isEqualTo(14);

        HttpResponse<String> firehose = exhaust("/api/v1/ingest/firehose", "application/json");
        assertThat(firehose.headers().firstValue("Retry-After")).contains("1");
        assertThat(firehose.body()).contains("\"errorMessage\":\"The sender sends too many requests");
    }

    @Test
    void countsWhatIsRefusedAtTheDoorToo(@TempDir Path directory) throws IOException, InterruptedException {
        try (RunningService guarded = new RunningService(
                directory, "--telltale.access.rate.requests=1", "--telltale.access.rate.burst=" + BURST)) {
            Keys keys = guarded.bean(Keys.class);
            String reader = "Authorization: Bearer "
                    + keys.create("look", Set.of(Role.READER), null, "test")
                            .text()
                            .written();
            for (String[] refused : new String[][] {{SERIES}, {"/api/v1/keys", reader}}) {
                Set<Integer> statuses = new TreeSet<>();
                for (int i = 0; i < 10 * BURST && !statuses.contains(429); i++) {
                    statuses.add(guarded.get(refused[0], Arrays.copyOfRange(refused, 1, refused.length))
                            .statusCode());
                }
                assertThat(statuses).hasSize(2).contains(429);
            }
            assertThat(guarded.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        }
    }

    private HttpResponse<String> exhaust() throws IOException, InterruptedException {
        for (int i = 0; i < 10 * BURST; i++) {
            HttpResponse<String> answer = service.get(SERIES);
            if (answer.statusCode() == 429) {
                return answer;
            }
        }
        throw new AssertionError("nothing was refused");
    }

    /// The first answer that asks to come again.
    private HttpResponse<String> exhaust(String path, String type) throws IOException, InterruptedException {
        for (int i = 0; i < 10 * BURST; i++) {
            HttpResponse<String> answer = service.send("POST", path, "{}", "Content-Type: " + type);
            if (answer.headers().firstValue("Retry-After").isPresent()) {
                assertThat(answer.statusCode()).isEqualTo(503);
                return answer;
            }
        }
        throw new AssertionError("nothing was refused");
    }

    private double meter(String name) throws IOException, InterruptedException {
        return service.sendFromElsewhere("GET", "/actuator/prometheus", "")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
