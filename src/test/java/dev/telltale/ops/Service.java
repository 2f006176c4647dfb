package dev.telltale.ops;

import dev.telltale.StartedService;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/// The service as users run it, on a free port and a data directory of its own.
final class Service implements AutoCloseable {

    private final StartedService service;
    private final HttpClient client = HttpClient.newHttpClient();

    Service(Path dataDirectory, String... settings) {
        service = new StartedService(dataDirectory, settings);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(service.request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    /// Sends JSON, or CSV where the body is no object; a header is `Name: value`.
    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = service.request(path)
                .header("Content-Type", body.startsWith("{") ? "application/json" : "text/csv")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        return send(request, headers);
    }

    /// Posts bytes; a header is `Name: value`.
    HttpResponse<String> post(String path, byte[] body, String... headers) throws IOException, InterruptedException {
        return send(service.request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body)), headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers)
            throws IOException, InterruptedException {
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            request.setHeader(parts[0], parts[1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// The status of an answer that does not end.
    int statusOfStream(String path) throws IOException, InterruptedException {
        HttpRequest request = service.request(path).build();
        HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        answer.body().close();
        return answer.statusCode();
    }

    HttpResponse<byte[]> download(String path) throws IOException, InterruptedException {
        return client.send(service.request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /// Puts bytes.
    HttpResponse<String> upload(String path, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = service.request(path)
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
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
