package dev.telltale.models;

import dev.telltale.StartedService;
import dev.telltale.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// The service as users run it, on a free port, and what a user would do with it.
final class RunningService implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final StartedService service;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Json json = new Json();

    /// @param settings as on the command line
    RunningService(Path dataDirectory, String... settings) {
        service = new StartedService(dataDirectory, settings);
    }

    /// An answer: its status, its body, and that as JSON.
    record Answer(int status, String body, HttpResponse<?> response, Json json) {

        JsonNode node() {
            return json.mapper().readTree(body);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    /// An answer that is a text, of `sendBytes`.
    Answer answer(HttpResponse<byte[]> response) {
        return new Answer(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8), response, json);
    }

    Answer get(String path) {
        return send(service.request(path).GET());
    }

    Answer delete(String path) {
        return send(service.request(path).DELETE());
    }

    Answer postJson(String path, String body) {
        return send(post(path, "application/json", body));
    }

    Answer postCsv(String path, String body) {
        return send(post(path, "text/csv", body));
    }

    Answer postJsonForCsv(String path, String body) {
        return send(post(path, "application/json", body).header("Accept", "text/csv"));
    }

    /// Any request; an absent body is an empty text, a header is `Name: value`.
    Answer send(String method, String path, String body, String... headers) {
        return send(service.request(path, headers)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body)));
    }

    /// Any request whose body or answer is no text.
    HttpResponse<byte[]> sendBytes(String method, String path, byte[] body, String... headers) {
        HttpRequest.BodyPublisher publisher = body.length == 0 && method.equals("GET")
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(body);
        return send(service.request(path, headers).method(method, publisher), HttpResponse.BodyHandlers.ofByteArray());
    }

    /// Queues a training.
    ///
    /// @return the path of its job
    String submit(String specification) {
        Answer answer = postJson("/api/v1/models", specification);
        if (answer.status() != 202) {
            throw new AssertionError(answer.body());
        }
        return answer.header("Location");
    }

    <T> T bean(Class<T> type) {
        return service.bean(type);
    }

    /// Gives a series its annotations.
    void annotate(String series, String annotations) {
        Answer answer =
                send(service.request("/api/v1/series/" + series + "/annotations", "Content-Type: application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(annotations)));
        if (answer.status() != 200) {
            throw new AssertionError(answer.body());
        }
    }

    /// Trains and waits for the end.
    Answer train(String specification) {
        return send(post("/api/v1/models", "application/json", specification).header("Prefer", "wait=60"));
    }

    /// The job at a path once it is as wanted.
    JsonNode await(String job, Predicate<String> wantedState) {
        return awaitJob(job, node -> wantedState.test(node.path("state").asString()));
    }

    JsonNode awaitJob(String job, Predicate<JsonNode> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode node = get(job).node();
            if (wanted.test(node)) {
                return node;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("the job did not get there: " + get(job).body());
    }

    JsonNode awaitEnd(String job) {
        return await(job, state -> !state.equals("queued") && !state.equals("running"));
    }

    private HttpRequest.Builder post(String path, String type, String body) {
        return service.request(path, "Content-Type: " + type).POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private Answer send(HttpRequest.Builder request) {
        HttpResponse<String> response = send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body(), response, json);
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request.build(), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        service.close();
        client.close();
    }
}
