package dev.telltale.alerts;

import dev.telltale.TelltaleApplication;
import dev.telltale.database.Database;
import dev.telltale.http.Json;
import dev.telltale.live.Incident;
import dev.telltale.live.IncidentListener;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/// The service as users run it, on a free port, and the incidents that its detectors would store.
final class AlertsService implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Json json = new Json();
    private final URI root;

    /// @param settings as on the command line
    AlertsService(Path dataDirectory, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.add("--server.port=0");
        arguments.add("--telltale.data-dir=" + dataDirectory);
        context = SpringApplication.run(TelltaleApplication.class, arguments.toArray(String[]::new));
        root = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    /// An answer: its status and its body.
    record Answer(int status, String body, HttpResponse<?> response, Json json) {

        JsonNode node() {
            return json.mapper().readTree(body);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    /// @param body a text, which is sent as it is, or what is to be written as JSON
    /// @param headers as `Name: value`
    Answer send(String method, String path, Object body, String... headers) throws IOException, InterruptedException {
        byte[] bytes =
                body instanceof String text ? text.getBytes(java.nio.charset.StandardCharsets.UTF_8) : json.write(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(bytes));
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            request.header(parts[0], parts[1]);
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body(), response, json);
    }

    Answer get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    Answer webhook(String name, String url) throws IOException, InterruptedException {
        return send(
                "PUT",
                "/api/v1/receivers/" + name,
                Map.of("kind", "webhook", "url", url, "secret", AlertsOnDisk.SECRET, "repeat", "PT1M"));
    }

    void happens(Incident incident) {
        List<IncidentListener> listeners =
                context.getBeanProvider(IncidentListener.class).stream().toList();
        context.getBean(Database.class).write(connection -> {
            for (IncidentListener listener : listeners) {
                listener.changed(incident, connection);
            }
            return true;
        });
        listeners.forEach(IncidentListener::stored);
    }

    @Override
    public void close() {
        context.close();
        client.close();
    }
}
