package dev.telltale.ingest.remotewrite;

import com.google.protobuf.Message;
import dev.telltale.StartedService;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service as a sender of remote write sees it, and what it has stored.
final class Receiver implements AutoCloseable {

    static final String PATH = "/api/v1/ingest/prometheus/write";
    static final String V1 = "application/x-protobuf";
    static final String V2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

    private static final JsonMapper JSON = new JsonMapper();

    private final StartedService service;
    private final HttpClient client = HttpClient.newHttpClient();

    /// @param settings as on the command line
    Receiver(Path dataDirectory, String... settings) {
        service = new StartedService(dataDirectory, settings);
    }

    /// What a sender hears.
    record Answer(int status, long samples, long histograms, long exemplars, String body, String retryAfter) {

        static Answer of(HttpResponse<String> response) {
            return new Answer(
                    response.statusCode(),
                    written(response, "Samples"),
                    written(response, "Histograms"),
                    written(response, "Exemplars"),
                    response.body(),
                    response.headers().firstValue("Retry-After").orElse(""));
        }

        /// −1 if the header is not there.
        private static long written(HttpResponse<?> response, String kind) {
            return response.headers()
                    .firstValueAsLong("X-Prometheus-Remote-Write-" + kind + "-Written")
                    .orElse(-1);
        }
    }

    URI uri(String path) {
        return service.at(path);
    }

    <T> T bean(Class<T> type) {
        return service.bean(type);
    }

    Answer writeV1(Message request) {
        return write(snappy(request.toByteArray()), V1, "snappy");
    }

    Answer writeV2(Message request) {
        return write(snappy(request.toByteArray()), V2, "snappy");
    }

    /// @param coding none if it is empty
    Answer write(byte[] body, String type, String coding) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(PATH))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!coding.isEmpty()) {
            request.header("Content-Encoding", coding);
        }
        try {
            return Answer.of(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new AssertionError("no answer came", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// The samples of the one series that a selector matches; none if there is no such series.
    Map<Long, Double> samples(String selector) {
        JsonNode items = get("/api/v1/series?match=" + URLEncoder.encode(selector, StandardCharsets.UTF_8))
                .get("items");
        if (items.size() > 1) {
            throw new AssertionError(selector + " matches " + items);
        }
        Map<Long, Double> samples = new TreeMap<>();
        for (JsonNode series : items) {
            get("/api/v1/series/" + series.get("id").asString() + "/samples")
                    .get("samples")
                    .forEach(sample -> samples.put(
                            Instant.parse(sample.get("timestamp").asString()).toEpochMilli(),
                            sample.get("value").asDouble()));
        }
        return samples;
    }

    /// How many series a selector matches, of the first thousand.
    int seriesCount(String selector) {
        return get("/api/v1/series?limit=1000&match=" + URLEncoder.encode(selector, StandardCharsets.UTF_8))
                .get("items")
                .size();
    }

    JsonNode get(String path) {
        try {
            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new AssertionError(response.statusCode() + " " + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError("no answer came", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// The value of a meter, as Prometheus reads it.
    double meter(String line) {
        try {
            String meters = client.send(
                            HttpRequest.newBuilder(uri("/actuator/prometheus")).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return meters.lines()
                    .filter(one -> one.startsWith(line + " "))
                    .mapToDouble(one -> Double.parseDouble(one.substring(line.length() + 1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(line + " is not among\n" + meters));
        } catch (IOException e) {
            throw new AssertionError("no answer came", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static byte[] snappy(byte[] body) {
        SnappyJavaCompressor compressor = new SnappyJavaCompressor();
        byte[] block = new byte[compressor.maxCompressedLength(body.length)];
        return Arrays.copyOf(block, compressor.compress(body, 0, body.length, block, 0, block.length));
    }

    @Override
    public void close() {
        service.close();
        client.close();
    }
}
