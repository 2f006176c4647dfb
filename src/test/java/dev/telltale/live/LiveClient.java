package dev.telltale.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import dev.telltale.wire.prometheus.v1.Label;
import dev.telltale.wire.prometheus.v1.Sample;
import dev.telltale.wire.prometheus.v1.TimeSeries;
import dev.telltale.wire.prometheus.v1.WriteRequest;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a test of detectors asks of a service over HTTP.
public class LiveClient implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String REMOTE_WRITE = "/api/v1/ingest/prometheus/write";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI root;

    public LiveClient(URI root) {
        this.root = root;
    }

    /// Sends one sample by Prometheus remote write; it is on disk when this returns.
    public void remoteWrite(SeriesKey series, long time, double value) {
        remoteWrite(Map.of(series, value), time);
    }

    /// Sends samples of one moment by Prometheus remote write; they are on disk when this returns.
    public void remoteWrite(Map<SeriesKey, Double> values, long time) {
        HttpRequest request = HttpRequest.newBuilder(root.resolve(REMOTE_WRITE))
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(block(values, time)))
                .build();
        HttpResponse<String> response = send(request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
    }

    /// As `remoteWrite`, but cuts the connection when the answer begins to come: the sender never learns that they
    /// are on disk.
    public void remoteWriteAndCut(Map<SeriesKey, Double> values, long time) {
        byte[] block = block(values, time);
        String head = "POST " + REMOTE_WRITE + " HTTP/1.1\r\nHost: " + root.getAuthority()
                + "\r\nContent-Type: application/x-protobuf\r\nContent-Encoding: snappy\r\nContent-Length: "
                + block.length + "\r\n\r\n";
        try (Socket socket = new Socket(root.getHost(), root.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(block);
            out.flush();
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] block(Map<SeriesKey, Double> values, long time) {
        WriteRequest.Builder request = WriteRequest.newBuilder();
        values.forEach((series, value) -> {
            TimeSeries.Builder message = request.addTimeseriesBuilder()
                    .addLabels(Label.newBuilder().setName("__name__").setValue(series.name()))
                    .addSamples(Sample.newBuilder().setTimestamp(time).setValue(value));
            series.labels()
                    .values()
                    .forEach((name, text) ->
                            message.addLabels(Label.newBuilder().setName(name).setValue(text)));
        });
        byte[] body = request.build().toByteArray();
        SnappyJavaCompressor compressor = new SnappyJavaCompressor();
        byte[] block = new byte[compressor.maxCompressedLength(body.length)];
        return Arrays.copyOf(block, compressor.compress(body, 0, body.length, block, 0, block.length));
    }

    public static SeriesKey key(String name, String... labels) {
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            map.put(labels[i], labels[i + 1]);
        }
        return new SeriesKey(name, Labels.of(map));
    }

    public JsonNode json(String method, String path, String body, int... statuses) {
        HttpResponse<String> response = send(method, path, body);
        assertThat(statuses).as("%s %s: %s", method, path, response.body()).contains(response.statusCode());
        return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    }

    public JsonNode get(String path) {
        return json("GET", path, "", 200);
    }

    public HttpResponse<String> send(String method, String path, String body) {
        HttpRequest.BodyPublisher publisher =
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request = HttpRequest.newBuilder(root.resolve(path))
                .header("Content-Type", body.startsWith("{") ? "application/json" : "text/csv")
                .header("Prefer", "wait=60")
                .method(method, publisher)
                .build();
        return send(request);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public void train(String specification) {
        json("POST", "/api/v1/models", specification, 201);
    }

    public void watch(String name, String specification) {
        json("PUT", "/api/v1/detectors/" + name, specification, 200, 201);
    }

    /// The scores that a detector has given to the samples of a series, by their times.
    public Map<Instant, Double> scores(String detector, String series) {
        return byTime(get("/api/v1/series/" + encoded(series) + "/samples?with=score:" + detector)
                .get("samples"));
    }

    /// The scores that the model gives to the stored samples of a series at once.
    public Map<Instant, Double> batchScores(String model, String series) {
        return byTime(json("POST", "/api/v1/models/" + model + "/score", "{\"series\":\"" + series + "\"}", 200)
                .get("rows"));
    }

    private static Map<Instant, Double> byTime(JsonNode rows) {
        Map<Instant, Double> scores = new TreeMap<>();
        for (JsonNode row : rows) {
            if (!row.get("score").isNull()) {
                scores.put(
                        Instant.parse(row.get("timestamp").asString()),
                        row.get("score").asDouble());
            }
        }
        return scores;
    }

    /// Waits until a detector has scored all samples up to a time of a series.
    public void awaitScored(String detector, long time) {
        await(() -> {
            for (JsonNode series : get("/api/v1/detectors/" + detector).get("series")) {
                if (series.get("scoredThrough").isNull()
                        || Instant.parse(series.get("scoredThrough").asString()).toEpochMilli() < time) {
                    return false;
                }
            }
            return true;
        });
    }

    public void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
