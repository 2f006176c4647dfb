package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.StartedService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/// Requests that are sent twice with an `Idempotency-Key`.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class IdempotencyIT {

    private static final String ONE = "{\"start\":1400000000000,\"end\":1400000000000,\"verdict\":\"normal\"}";
    private static final String OTHER = ONE.replace("normal", "anomalous");

    @TempDir
    private static Path data;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Json JSON = new Json();

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry registry) {
        registry.add("telltale.data-dir", () -> data);
    }

    @Test
    void areDoneOnceAndAnsweredTwice() {
        String path = annotationsOf("once");
        HttpResponse<String> first = post(path, ONE, "key-once");
        HttpResponse<String> second = post(path, ONE, "\"key-once\"");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue(IdempotencyFilter.REPLAYED)).isEmpty();
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        for (String header : List.of("Location", "Content-Type")) {
            assertThat(second.headers().firstValue(header))
                    .isPresent()
                    .isEqualTo(first.headers().firstValue(header));
        }
        assertThat(second.headers().firstValue(IdempotencyFilter.REPLAYED)).contains("true");
        assertThat(count(path)).isEqualTo(1);
    }

    @Test
    void areRefusedIfTheyAreNotTheSame() {
        String path = annotationsOf("reused");
        post(path, ONE, "key-reused");

        assertProblem(post(path, OTHER, "key-reused"), 422, "key-reused");
        assertProblem(post(path + "?set=x", ONE, "key-reused"), 422, "key-reused");
        assertProblem(post(annotationsOf("reused.too"), ONE, "key-reused"), 422, "key-reused");
        assertThat(count(path)).isEqualTo(1);
    }

    @Test
    void mayBeMendedWhereTheyWereRefused() {
        String path = annotationsOf("mended");

        assertThat(post(path, "{}", "key-mended").statusCode()).isEqualTo(400);
        assertThat(post(path, ONE, "key-mended").statusCode()).isEqualTo(201);
    }

    @Test
    void areDoneOnceHoweverManyComeAtATime() throws Exception {
        String path = annotationsOf("parallel");
        Callable<HttpResponse<String>> request = () -> post(path, ONE, "key-parallel");
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> answers = senders.invokeAll(
                    IntStream.range(0, 20).mapToObj(i -> request).toList());

            for (Future<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).isIn(201, 409);
                if (answer.get().statusCode() == 409) {
                    assertProblem(answer.get(), 409, "request-running");
                    assertThat(answer.get().headers().firstValue("Retry-After")).contains("1");
                }
            }
        }
        assertThat(count(path)).isEqualTo(1);
    }

    @Test
    void areLaidOutForPeopleTheSecondTimeToo() {
        String path = annotationsOf("laid.out") + "?pretty";
        HttpResponse<String> first = post(path, ONE, "key-pretty");

        assertThat(post(path, ONE, "key-pretty").body()).isEqualTo(first.body()).startsWith("{\n  ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", "tab\tinside"})
    void needAKeyOfPrintableCharacters(String key) {
        assertProblem(post(annotationsOf("badly.named"), ONE, key), 400, "bad-idempotency-key");
        assertProblem(post(annotationsOf("badly.named"), ONE, "k".repeat(256)), 400, "bad-idempotency-key");
    }

    @Test
    void areKnownAfterARestart(@TempDir Path directory) {
        String path = "/api/v1/series/kept/samples";
        String csv = "timestamp,value\n1400000000000,1\n";
        String first;
        try (StartedService service = new StartedService(directory)) {
            first = send(service.port(), path, "text/csv", csv, "key-kept").body();
        }
        try (StartedService service = new StartedService(directory)) {
            HttpResponse<String> second = send(service.port(), path, "text/csv", csv, "key-kept");

            assertThat(second.body()).isEqualTo(first).contains("\"accepted\":1");
            assertThat(second.headers().firstValue(IdempotencyFilter.REPLAYED)).contains("true");
        }
    }

    /// Makes a series.
    private String annotationsOf(String series) {
        String path = "/api/v1/series/" + series;
        exchange(HttpRequest.newBuilder(uri(port, path))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{}")));
        return path + "/annotations";
    }

    private int count(String path) {
        JsonNode list = JSON.mapper()
                .readTree(exchange(HttpRequest.newBuilder(uri(port, path))).body());
        return list.get("items").size();
    }

    private HttpResponse<String> post(String path, String body, String key) {
        return send(port, path, "application/json", body, key);
    }

    private static HttpResponse<String> send(int port, String path, String type, String body, String key) {
        return exchange(HttpRequest.newBuilder(uri(port, path))
                .header("Content-Type", type)
                .header(IdempotencyFilter.KEY, key)
                .POST(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String type) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.mapper().readTree(answer.body()).get("type").asString()).isEqualTo("/problems/" + type);
    }
}
