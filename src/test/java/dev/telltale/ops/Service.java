package dev.telltale.ops;

import dev.telltale.TelltaleApplication;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// The service as users run it, on a free port and a data directory of its own.
final class Service implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI root;

    Service(Path dataDirectory, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--server.port=0");
        all.add("--telltale.data-dir=" + dataDirectory);
        context = SpringApplication.run(TelltaleApplication.class, all.toArray(String[]::new));
        root = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(root.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /// Sends JSON, or CSV where the body is no object; a header is `Name: value`.
    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path))
                .header("Content-Type", body.startsWith("{") ? "application/json" : "text/csv")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        return send(request, headers);
    }

    /// Posts bytes; a header is `Name: value`.
    HttpResponse<String> post(String path, byte[] body, String... headers) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(root.resolve(path)).POST(HttpRequest.BodyPublishers.ofByteArray(body)), headers);
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
        HttpRequest request = HttpRequest.newBuilder(root.resolve(path)).build();
        HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        answer.body().close();
        return answer.statusCode();
    }

    HttpResponse<byte[]> download(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(root.resolve(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /// Puts bytes.
    HttpResponse<String> upload(String path, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(root.resolve(path))
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
        client.close();
    }
}
