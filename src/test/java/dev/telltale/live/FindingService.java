package dev.telltale.live;

import dev.telltale.TelltaleApplication;
import dev.telltale.database.Database;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service as users run it, on a free port, into which findings are stored as the engine would.
final class FindingService implements AutoCloseable {

    static final Duration GAP = Duration.ofMinutes(5);

    private final ConfigurableApplicationContext context;
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI root;

    /// @param more configuration classes beside those of the service
    FindingService(Path dataDirectory, List<Class<?>> more, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.add("--server.port=0");
        arguments.add("--telltale.data-dir=" + dataDirectory);
        context = new SpringApplicationBuilder(TelltaleApplication.class)
                .sources(more.toArray(Class<?>[]::new))
                .run(arguments.toArray(String[]::new));
        root = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    FindingService(Path dataDirectory) {
        this(dataDirectory, List.of());
    }

    record Answer(int status, String body) {

        JsonNode node() {
            return JsonMapper.shared().readTree(body);
        }

        /// The name of the failure.
        String problem() {
            return node().get("type").asString();
        }

        List<String> ids() {
            return node().get("items")
                    .valueStream()
                    .map(item -> item.get("id").asString())
                    .toList();
        }
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    Answer post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, body);
    }

    Answer send(String method, String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", body.startsWith("timestamp") ? "text/csv" : "application/json")
                .header("Prefer", "wait=60")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /// The events of a route as they come; whoever opens them closes them.
    HttpResponse<InputStream> follow(String path, String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /// Stores findings, and says so.
    List<Anomaly> store(Anomaly... anomalies) {
        return store(GAP, anomalies);
    }

    List<Anomaly> store(Duration gap, Anomaly... anomalies) {
        FindingStore store = bean(FindingStore.class);
        List<Anomaly> stored = bean(Database.class)
                .write(connection -> store.store(connection, List.of("pager"), gap, List.of(anomalies)));
        store.announceStored();
        return stored;
    }

    long nextId() {
        return bean(FindingStore.class).nextId();
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
        client.close();
    }

    private URI uri(String path) {
        return root.resolve(path.replace("{", "%7B")
                .replace("}", "%7D")
                .replace("\"", "%22")
                .replace("[", "%5B")
                .replace("]", "%5D"));
    }

    private Answer send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }
}
