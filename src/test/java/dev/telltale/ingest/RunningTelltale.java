package dev.telltale.ingest;

import dev.telltale.StartedService;
import dev.telltale.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The service as users run it, on a free port, as a sender of measurements meets it.
public final class RunningTelltale implements AutoCloseable {

    private final StartedService service;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Json json = new Json();

    /// @param settings as on the command line
    public RunningTelltale(Path dataDirectory, String... settings) {
        service = new StartedService(dataDirectory, settings);
    }

    public URI at(String path) {
        return service.at(path);
    }

    public <T> T bean(Class<T> type) {
        return service.bean(type);
    }

    /// Posts bytes; a header is `Name: value`.
    public HttpResponse<byte[]> post(String path, byte[] body, String... headers) {
        return send(service.request(path, headers)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    public JsonNode get(String path) {
        return node(send(service.request(path).build()).body());
    }

    public JsonNode node(byte[] body) {
        return json.mapper().readTree(body);
    }

    /// Names and labels of all series, with their samples by time in milliseconds.
    public SortedMap<String, Map<Long, Double>> stored() {
        SortedMap<String, Map<Long, Double>> stored = new TreeMap<>();
        for (JsonNode series : get("/api/v1/series?limit=1000").get("items")) {
            Map<Long, Double> samples = new TreeMap<>(Comparator.naturalOrder());
            JsonNode read = get("/api/v1/series/" + series.get("id").asString() + "/samples")
                    .get("samples");
            for (JsonNode sample : read) {
                samples.put(
                        Instant.parse(sample.get("timestamp").asString()).toEpochMilli(),
                        sample.get("value").asDouble());
            }
            StringBuilder labels = new StringBuilder();
            series.get("labels")
                    .properties()
                    .forEach(label -> labels.append(labels.isEmpty() ? "{" : ",")
                            .append(label.getKey())
                            .append("=\"")
                            .append(label.getValue().asString())
                            .append('"'));
            String name = series.get("name").asString();
            stored.put(labels.isEmpty() ? name : name + labels + "}", samples);
        }
        return stored;
    }

    public HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Writes a request as it is, and reads until the service ends the connection.
    public String raw(String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        service.close();
        client.close();
    }
}
