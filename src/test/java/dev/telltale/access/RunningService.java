package dev.telltale.access;

import dev.telltale.StartedService;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The service as users run it, on a free port, met from two addresses.
final class RunningService implements AutoCloseable {

    private final StartedService service;
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpClient elsewhere;

    /// @param settings as on the command line
    RunningService(Path dataDirectory, String... settings) throws IOException {
        elsewhere = HttpClient.newBuilder()
                .localAddress(InetAddress.ofLiteral("127.0.0.2"))
                .build();
        service = new StartedService(dataDirectory, settings);
    }

    int port() {
        return service.port();
    }

    <T> T bean(Class<T> type) {
        return service.bean(type);
    }

    /// From 127.0.0.1; a header is `Name: value`.
    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return client.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    /// The same from 127.0.0.2.
    HttpResponse<String> sendFromElsewhere(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return elsewhere.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    /// From 127.0.0.1: the status, and the body only if it tells of a failure, since some bodies never end.
    Answer answer(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer =
                client.send(request(method, path, "", headers), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = answer.body()) {
            String body = answer.statusCode() < 400 ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(answer.statusCode(), body);
        }
    }

    record Answer(int status, String body) {}

    private HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = service.request(path)
                .header("Content-Type", body.startsWith("{") ? "application/json" : "text/csv")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            if (parts[0].equals("Content-Type")) {
                request.setHeader(parts[0], parts[1]);
            } else {
                request.header(parts[0], parts[1]);
            }
        }
        return request.build();
    }

    @Override
    public void close() {
        service.close();
        client.close();
        elsewhere.close();
    }
}
