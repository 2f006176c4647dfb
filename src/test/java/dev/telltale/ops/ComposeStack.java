package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.StartedService;
import java.io.File;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `docker-compose.yml` starts, without containers: the machines to watch, the service, what `begin.py` sets up in
/// it, and a Prometheus with the settings of that file, five times as fast.
final class ComposeStack implements AutoCloseable {

    private static final Path COMPOSE = Path.of("deploy", "compose");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int UNAVAILABLE = 503;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<AutoCloseable> started = new ArrayList<>();
    private final URI nodes;
    private final URI prometheus;

    static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /// @param directory empty; for data, secrets and logs
    ComposeStack(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        nodes = loopback(freePort());
        prometheus = loopback(freePort());
        try {
            start();
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    private void start() throws IOException, InterruptedException {
        Path secrets = directory.resolve("secrets");
        Path adminKey = secrets.resolve("admin.key");
        Path prometheusKey = directory.resolve("prometheus.key");
        end("make-secrets", List.of(COMPOSE.resolve("make-secrets").toString(), secrets.toString()), Map.of());
        launch(
                "nodes",
                List.of("python3", "-B", COMPOSE.resolve("nodes.py").toString(), "--port", "" + nodes.getPort()),
                Map.of("RHYTHM_SECONDS", "30", "INCIDENT_EVERY", "0"));
        StartedService service = new StartedService(
                directory.resolve("telltale"),
                "--telltale.access.key-file=" + adminKey,
                "--telltale.alerts.allowed-networks=127.0.0.0/8",
                "--telltale.egress.remote-write.url=" + prometheus.resolve("/api/v1/write"));
        started.add(service);
        String nobody = loopback(freePort()).toString();
        end(
                "begin",
                List.of("python3", "-B", COMPOSE.resolve("begin.py").toString()),
                Map.of(
                        "TELLTALE_URL",
                        "http://127.0.0.1:" + service.port(),
                        "ADMIN_KEY_FILE",
                        adminKey.toString(),
                        "PROMETHEUS_KEY_FILE",
                        prometheusKey.toString(),
                        "ALERTMANAGER_URL",
                        nobody,
                        "SCRAPE_SECONDS",
                        "1",
                        "RHYTHM_SECONDS",
                        "30"));
        Map<String, String> places = new LinkedHashMap<>();
        places.put("_interval: 5s", "_interval: 1s");
        places.put(
                "/etc/prometheus/rules/*.yml",
                Path.of("examples", "prometheus").toAbsolutePath() + "/telltale-*rules.yml");
        places.put("/keys/prometheus.key", prometheusKey.toString());
        places.put(
                "dns_sd_configs: [{names: [telltale], type: A, port: 8080, refresh_interval: 10s}]",
                "static_configs: [{targets: [\"127.0.0.1:" + service.port() + "\"]}]");
        places.put("http://telltale:8080/", "http://127.0.0.1:" + service.port() + "/");
        places.put("nodes:9100", nodes.getAuthority());
        places.put("localhost:9090", prometheus.getAuthority());
        places.put("alertmanager:9093", URI.create(nobody).getAuthority());
        Path settings = Files.writeString(directory.resolve("prometheus.yml"), moved(places));
        launch(
                "prometheus",
                List.of(
                        "prometheus",
                        "--config.file=" + settings,
                        "--storage.tsdb.path=" + directory.resolve("tsdb"),
                        "--web.listen-address=" + prometheus.getAuthority(),
                        "--web.enable-remote-write-receiver"),
                Map.of());
    }

    /// The settings of Prometheus with other places for those of the containers.
    private static String moved(Map<String, String> places) throws IOException {
        String settings = Files.readString(COMPOSE.resolve("prometheus.yml"));
        for (Map.Entry<String, String> place : places.entrySet()) {
            assertThat(settings).contains(place.getKey());
            settings = settings.replace(place.getKey(), place.getValue());
        }
        return settings;
    }

    /// Lets one of the machines run wild for ten minutes.
    void beginIncident(String machine) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(nodes.resolve("/" + machine + "/incident?seconds=600"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(204);
    }

    /// What Prometheus finds now.
    JsonNode query(String expression) throws IOException, InterruptedException {
        JsonNode data = ask("/api/v1/query?query=" + encoded(expression));
        return data.get("result");
    }

    /// The values of a label, in order, among the series of a selector.
    List<String> values(String selector, String label) throws IOException, InterruptedException {
        List<String> values = new ArrayList<>();
        for (JsonNode value : ask("/api/v1/label/" + label + "/values?match%5B%5D=" + encoded(selector))) {
            values.add(value.asString());
        }
        return values;
    }

    /// What Prometheus says of its rules.
    List<JsonNode> rules() throws IOException, InterruptedException {
        List<JsonNode> rules = new ArrayList<>();
        for (JsonNode group : ask("/api/v1/rules").get("groups")) {
            group.get("rules").forEach(rules::add);
        }
        return rules;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private JsonNode ask(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(prometheus.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == UNAVAILABLE) {
            throw new IOException("Prometheus is not ready");
        }
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).get("data");
    }

    /// Something that is to come true.
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /// Waits until it does, at most two minutes.
    ///
    /// @return whether it did
    boolean await(Condition condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                if (condition.holds()) {
                    return true;
                }
            } catch (IOException notYet) {
                // Prometheus does not answer yet
            }
            Thread.sleep(250);
        }
        return false;
    }

    String log(String program) throws IOException {
        return Files.readString(directory.resolve(program + ".log"));
    }

    private void end(String name, List<String> command, Map<String, String> variables)
            throws IOException, InterruptedException {
        assertThat(process(name, command, variables).waitFor()).as(log(name)).isZero();
    }

    private void launch(String name, List<String> command, Map<String, String> variables) throws IOException {
        Process process = process(name, command, variables);
        started.add(() -> {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        });
    }

    private Process process(String name, List<String> command, Map<String, String> variables) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile());
        builder.environment().putAll(variables);
        return builder.start();
    }

    private static URI loopback(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    @Override
    public void close() {
        for (AutoCloseable one : started.reversed()) {
            try {
                one.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        client.close();
    }
}
