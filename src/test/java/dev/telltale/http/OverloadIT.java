package dev.telltale.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.ingest.RunningTelltale;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What callers hear while as much is worked on as may.
class OverloadIT {

    private static final String KEY = "correct-horse-battery";

    @TempDir
    static Path directory;

    private static RunningTelltale service;

    private final List<Gate.Place> places = new ArrayList<>();

    @BeforeAll
    static void start() {
        service = new RunningTelltale(
                directory,
                "--telltale.ingest.firehose.access-key=" + KEY,
                "--telltale.work.scorings=1",
                "--telltale.work.waiting-scorings=0",
                "--telltale.work.pushes=1",
                "--telltale.work.waiting-pushes=0",
                "--telltale.work.uploads=1",
                "--telltale.work.waiting-uploads=0",
                "--telltale.work.others=1",
                "--telltale.work.waiting-others=0");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void makeRoom() {
        places.forEach(Gate.Place::close);
    }

    @Test
    void refusesEachKindOfWorkWithATimeToComeAgain() {
        fill(Work.values());
        for (String path : List.of("/api/v1/models/cpu/score", "/api/v1/summaries", "/api/v1/models")) {
            HttpResponse<byte[]> answer = service.post(path, "{}".getBytes(UTF_8), "Content-Type: application/json");
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(service.node(refused(answer)).get("type").asString()).isEqualTo("/problems/too-busy");
        }
        refused(get("/api/v1/series"));
        assertThat(get("/api/v1/nothing").statusCode()).isEqualTo(503);
    }

    @Test
    void refusesSendersInTheFormOfTheirProtocol() {
        fill(Work.PUSH);
        byte[] export = "{\"resourceMetrics\":[]}".getBytes(UTF_8);
        refused(service.post(
                "/api/v1/ingest/prometheus/write",
                new byte[] {0},
                "Content-Type: application/x-protobuf",
                "Content-Encoding: snappy"));

        JsonNode status = service.node(refused(service.post("/v1/metrics", export, "Content-Type: application/json")));
        assertThat(status.get("code").asInt()).isEqualTo(14);

        JsonNode firehose = service.node(refused(service.post(
                "/api/v1/ingest/firehose",
                "{}".getBytes(UTF_8),
                "Content-Type: application/json",
                "X-Amz-Firehose-Access-Key: " + KEY,
                "X-Amz-Firehose-Request-Id: one")));
        assertThat(firehose.get("requestId").asString()).isEqualTo("one");
        assertThat(firehose.get("errorMessage").asString()).isNotEmpty();
    }

    @Test
    void countsEachKindForItself() {
        fill(Work.SCORING, Work.PUSH, Work.UPLOAD);
        assertThat(get("/api/v1/series").statusCode()).isEqualTo(200);
    }

    @Test
    void tellsOfItselfHoweverMuchThereIsToDo() {
        fill(Work.values());
        assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        refused(get("/api/v1/series"));
        String meters = new String(get("/actuator/prometheus").body(), UTF_8);
        assertThat(meters)
                .contains("telltale_http_running_requests{work=\"scoring\"} 1.0")
                .containsPattern("telltale_http_refused_requests_total\\{work=\"other\"} [1-9]");
    }

    @Test
    void takesTheSameRequestsWhenThereIsRoomAgain() {
        fill(Work.values());
        refused(get("/api/v1/series"));
        makeRoom();
        for (int i = 0; i < 3; i++) { // each gives its place back
            assertThat(get("/api/v1/series").statusCode()).isEqualTo(200);
            assertThat(get("/api/v1/nothing").statusCode()).isEqualTo(404);
            assertThat(service.post("/api/v1/models/none/score", new byte[0], "Content-Type: text/csv")
                            .statusCode())
                    .isEqualTo(404);
        }
        for (Work work : Work.values()) {
            assertThat(gates().of(Optional.of(work)).taken()).isZero();
        }
    }

    @Test
    void givesThePlaceOfWhoFollowsEventsToOthers() throws Exception {
        HttpRequest follow =
                HttpRequest.newBuilder(service.at("/api/v1/incidents/events")).build();
        try (var client = java.net.http.HttpClient.newHttpClient()) {
            var events = client.send(follow, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(events.statusCode()).isEqualTo(200);
            assertThat(get("/api/v1/series").statusCode()).isEqualTo(200);
            events.body().close();
        }
    }

    private void fill(Work... kinds) {
        for (Work work : kinds) {
            places.add(gates().of(Optional.of(work)).enter().orElseThrow());
        }
    }

    private static Gates gates() {
        return service.bean(Gates.class);
    }

    private static byte[] refused(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        return answer.body();
    }

    private static HttpResponse<byte[]> get(String path) {
        return service.send(HttpRequest.newBuilder(service.at(path)).build());
    }
}
