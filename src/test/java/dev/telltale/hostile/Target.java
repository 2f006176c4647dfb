package dev.telltale.hostile;

import static dev.telltale.http.RawRequest.utf8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.StartedService;
import dev.telltale.database.FileTree;
import dev.telltale.http.RawAnswer;
import dev.telltale.http.RawRequest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service as users run it, on a free port, and what of it a caller sees.
final class Target implements AutoCloseable {

    static final JsonMapper JSON = new JsonMapper();

    private static final List<String> LISTS = List.of("series", "models", "detectors", "receivers", "silences");

    private final StartedService service;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path data;

    /// @param settings as on the command line
    Target(Path data, String... settings) {
        this.data = data;
        service = new StartedService(data, settings);
    }

    int port() {
        return service.port();
    }

    RawAnswer send(RawRequest request) throws IOException {
        return request.sendTo(port());
    }

    /// What a GET answers, which must be 200.
    JsonNode read(String path) throws IOException {
        return taken(exchange("GET", path, new byte[0]));
    }

    /// Sends JSON that must be taken.
    JsonNode take(String method, String path, String body) throws IOException {
        return taken(exchange(method, path, utf8(body), "Content-Type", "application/json", "Prefer", "wait=60"));
    }

    private static JsonNode taken(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return JSON.readTree(answer.body().getBytes(ISO_8859_1));
    }

    /// Any request, answered as bytes that are text in ISO 8859-1.
    HttpResponse<String> exchange(String method, String path, byte[] body, String... headers) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(service.at(path)).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString(ISO_8859_1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// The samples of a series as JSON: `timestamp`, `value`.
    JsonNode samples(String series) throws IOException {
        return read("/api/v1/series/" + series + "/samples").get("samples");
    }

    /// All that there is, jobs left out.
    String stored() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String list : LISTS) {
            all.append(kept("/api/v1/" + list + "?limit=1000")).append('\n');
        }
        return all.append(FileTree.bytes(data.resolve("uploads"))).toString();
    }

    String jobs() throws IOException {
        return kept("/api/v1/jobs?limit=1000");
    }

    /// The body of an answer on a connection that stays.
    private String kept(String path) throws IOException {
        return exchange("GET", path, new byte[0]).body();
    }

    <T> T bean(Class<T> type) {
        return service.bean(type);
    }

    @Override
    public void close() {
        service.close();
        client.close();
    }
}
