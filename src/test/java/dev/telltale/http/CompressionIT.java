package dev.telltale.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// How answers are compressed, as it goes over the wire.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class CompressionIT {

    private static final String SAMPLES = "/api/v1/series/large/samples";

    @TempDir
    private static Path data;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry registry) {
        registry.add("telltale.data-dir", () -> data);
    }

    @BeforeEach
    void upload() throws IOException, InterruptedException {
        String csv = IntStream.range(0, 5_000)
                .mapToObj(i -> Instant.ofEpochSecond(1_400_000_000 + 60L * i) + "," + i % 7 + "\n")
                .collect(Collectors.joining("", "timestamp,value\n", ""));
        CLIENT.send(
                request(SAMPLES)
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(csv))
                        .build(),
                BodyHandlers.discarding());
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/csv"})
    void compressesStreamedAnswers(String type) throws IOException, InterruptedException {
        byte[] plain = get(SAMPLES, type, "identity").body();
        HttpResponse<byte[]> compressed = get(SAMPLES, type, "br;q=1, gzip;q=0.5");

        assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(compressed.headers().allValues("Vary")).anyMatch(vary -> vary.equalsIgnoreCase("accept-encoding"));
        assertThat(compressed.body().length).isLessThan(plain.length / 5);
        assertThat(inflated(compressed)).isEqualTo(new String(plain, UTF_8));
    }

    @Test
    void compressesWhatIsLaidOutForPeople() throws IOException, InterruptedException {
        HttpResponse<byte[]> compressed = get(SAMPLES + "?pretty", "application/json", "gzip");

        assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(inflated(compressed))
                .startsWith("{\n  \"samples\": [\n    {\n")
                .endsWith("\n}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "br", "gzip;q=0"})
    void sendsPlainBytesToWhoDoesNotTakeGzip(String codings) throws IOException, InterruptedException {
        HttpResponse<byte[]> plain = get(SAMPLES, "text/csv", codings);

        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(new String(plain.body(), UTF_8)).startsWith("timestamp,value\n");
    }

    @Test
    void leavesShortAnswersAsTheyAre() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get(SAMPLES + "?limit=3", "application/json", "gzip");

        assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(answer.body().length);
    }

    @Test
    void leavesTheBytesThatAStrongTagNames() throws IOException, InterruptedException {
        String annotation = "{\"start\":1400000000000,\"end\":1400000000000,\"verdict\":\"normal\"}";
        String body = "{\"annotations\":[" + (annotation + ",").repeat(99) + annotation + "]}";
        String annotations = "/api/v1/series/large/annotations";
        CLIENT.send(
                request(annotations)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.discarding());
        HttpResponse<byte[]> plain = get(annotations, "application/json", "identity");
        HttpResponse<byte[]> answer = get(annotations, "application/json", "gzip");

        assertThat(answer.headers().firstValue("ETag"))
                .isPresent()
                .isEqualTo(plain.headers().firstValue("ETag"));
        assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(answer.body()).isEqualTo(plain.body()).hasSizeGreaterThan(5_000);
    }

    private HttpResponse<byte[]> get(String path, String type, String codings)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).header("Accept", type);
        if (!codings.isEmpty()) {
            request.header("Accept-Encoding", codings);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private static String inflated(HttpResponse<byte[]> answer) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
