package dev.telltale.ingest.remotewrite;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A process of Prometheus that scrapes a target each second and writes what it found elsewhere.
final class RealPrometheus implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path log;
    private final URI root;
    private final Process process;

    /// Where it is installed, if it is.
    static Optional<Path> executable() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder, "prometheus"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// @param directory empty; for its settings, data and log
    RealPrometheus(Path executable, Path directory, String target, URI remoteWrite) throws IOException {
        Path settings = Files.writeString(directory.resolve("prometheus.yml"), """
                global:
                  scrape_interval: 1s
                scrape_configs:
                  - job_name: made
                    static_configs:
                      - targets: ["%s"]
                remote_write:
                  - url: %s
                """.formatted(target, remoteWrite));
        int port;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        root = URI.create("http://127.0.0.1:" + port);
        log = directory.resolve("log");
        process = new ProcessBuilder(
                        executable.toString(),
                        "--config.file=" + settings,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /// What it has itself of the one series that a selector matches, of the last ten minutes; none until it is up.
    Map<Long, Double> samples(String selector) throws IOException, InterruptedException {
        String query = URLEncoder.encode(selector + "[10m]", StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(root.resolve("/api/v1/query?query=" + query))
                .build();
        JsonNode answer = JSON.readTree(
                client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        Map<Long, Double> samples = new TreeMap<>();
        for (JsonNode sample : answer.at("/data/result/0/values")) {
            samples.put(
                    Math.round(sample.get(0).asDouble() * 1000),
                    Double.parseDouble(sample.get(1).asString()));
        }
        return samples;
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
