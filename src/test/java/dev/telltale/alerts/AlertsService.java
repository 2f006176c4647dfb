package dev.telltale.alerts;

import dev.telltale.StartedService;
import dev.telltale.database.Changes;
import dev.telltale.database.Database;
import dev.telltale.http.Json;
import dev.telltale.live.Incident;
import dev.telltale.live.IncidentListener;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The service as users run it, on a free port, and the incidents that its detectors would store.
final class AlertsService implements AutoCloseable {

    private final StartedService service;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Json json = new Json();

    /// @param settings as on the command line
    AlertsService(Path dataDirectory, String... settings) {
        service = new StartedService(dataDirectory, settings);
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
        HttpRequest request = service.request(path, headers)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
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
        List<IncidentListener> listeners = service.beans(IncidentListener.class);
        Changes changes = service.bean(Changes.class);
        service.bean(Database.class).write(connection -> {
            changes.note(connection, "incidents", "");
            for (IncidentListener listener : listeners) {
                listener.changed(incident, connection);
            }
            return true;
        });
        listeners.forEach(IncidentListener::stored);
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
