package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.live.Incident;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service beside a real Alertmanager, Debian's package `prometheus-alertmanager`.
class AlertmanagerIT {

    private static final String PROGRAM = "prometheus-alertmanager";
    private static final List<String> MANAGER = List.of("manager");

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private Optional<Process> process = Optional.empty();
    private String url = "";

    @BeforeEach
    void start() throws Exception {
        Optional<Path> program = Stream.of(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .map(place -> Path.of(place, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(
                program.isPresent(),
                PROGRAM + " is not on the PATH, so nothing is tested beside a real one; install it");
        Path configuration = Files.writeString(directory.resolve("alertmanager.yml"), """
                route:
                  receiver: nobody
                receivers:
                  - name: nobody
                """);
        int port = freePort();
        url = "http://127.0.0.1:" + port;
        process = Optional.of(new ProcessBuilder(
                        program.get().toString(),
                        "--config.file=" + configuration,
                        "--storage.path=" + directory.resolve("alertmanager"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("alertmanager.log").toFile())
                .start());
        Patience.until("Alertmanager is ready", this::isReady);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroy();
            process.get().waitFor();
        }
        client.close();
    }

    @Test
    void receivesShowsAndResolvesAnAlert() throws Exception {
        try (AlertsService service =
                new AlertsService(directory.resolve("data"), "--telltale.alerts.allowed-networks=127.0.0.0/8")) {
            assertThat(service.send("PUT", "/api/v1/receivers/manager", Map.of("kind", "alertmanager", "url", url))
                            .status())
                    .isEqualTo(201);
            service.happens(now(7, true, "i-1", "i-2"));
            Patience.until(
                    "both alerts are shown",
                    () -> alerts("?filter=detector=disks").size() == 2);
            JsonNode alert = alerts("?filter=instance=i-1").get(0);
            assertThat(alert.at("/status/state").asString()).isIn("active", "unprocessed");
            assertThat(alert.get("labels")).isEqualTo(new JsonMapper().readTree("""
                    {"alertname": "TelltaleAnomaly", "detector": "disks", "instance": "i-1", "metric": "disk_writes", "zone": "a"}
                    """));
            assertThat(alert.at("/annotations/incident").asString()).isEqualTo("7");
            assertThat(alert.get("generatorURL").asString()).endsWith("/api/v1/incidents/7");
            assertThat(Instant.parse(alert.get("endsAt").asString())).isAfter(Instant.now());

            service.happens(now(7, false, "i-1", "i-2"));
            Patience.until("neither is shown any more", () -> alerts("").isEmpty());
            Patience.until("both are counted as resolved", () -> resolved() == 2);

            service.happens(now(8, true, "i-1"));
            Patience.until(
                    "the next incident fires under the same labels",
                    () -> alerts("?filter=instance=i-1").size() == 1);
            assertThat(alerts("").get(0).at("/annotations/incident").asString()).isEqualTo("8");
        }
    }

    private static Incident now(long id, boolean open, String... instances) {
        Incident shape = Incidents.lasting(id, MANAGER, instances);
        long now = System.currentTimeMillis();
        return new Incident(
                id,
                shape.detector(),
                open,
                now - 60_000 + id,
                now,
                now,
                shape.peakScore(),
                shape.series(),
                shape.seriesCount(),
                shape.anomalies(),
                shape.receivers());
    }

    private JsonNode alerts(String filter) throws IOException, InterruptedException {
        return new JsonMapper().readTree(get("/api/v2/alerts" + filter).body());
    }

    /// Alerts that Alertmanager was sent with an end in the past.
    private double resolved() throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("alertmanager_alerts_received_total{status=\"resolved\"")
                        && line.contains("v2"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private boolean isReady() throws InterruptedException {
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
