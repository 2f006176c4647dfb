package dev.telltale.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.command.RootFS;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.HealthCheck;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The image itself. One container serves most of the tests; it is run with as few rights as it can be.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageIT {

    private static final long MOST_BYTES = 700_000_000;
    private static final int GRACE_SECONDS = 30;
    private static final int SIGTERM_EXIT = 128 + 15;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String volume = "telltale-test-" + UUID.randomUUID();

    @TempDir
    private static Path folder;

    private @Nullable Image built;
    private @Nullable GenericContainer<?> started;
    private String key = "";

    @BeforeAll
    void start() throws IOException {
        Image image = Image.orSkip();
        built = image;
        key = image.run("keys", "generate").out().strip();
        GenericContainer<?> service = image.guarded(volume, key, folder);
        started = service;
        service.start();
    }

    @AfterAll
    void remove() {
        if (started != null) {
            started.close();
            image().docker().removeVolumeCmd(volume).exec();
        }
        client.close();
    }

    private Image image() {
        return Objects.requireNonNull(built);
    }

    private GenericContainer<?> service() {
        return Objects.requireNonNull(started);
    }

    @Test
    void makesKeysAndPrintsNothingElse() {
        assertThat(key).matches("tt_[a-z0-9]{12}_[A-Za-z0-9_-]{43}");
    }

    @Test
    void saysOfItselfWhatItIs() {
        ContainerConfig config = config();
        assertThat(config.getUser()).matches("[1-9]\\d*:[1-9]\\d*");
        assertThat(Objects.requireNonNull(config.getEntrypoint())[0]).startsWith("/opt/jre/");
        assertThat(config.getCmd()).isNullOrEmpty();
        assertThat(config.getEnv())
                .contains("MALLOC_ARENA_MAX=2", "DJL_OFFLINE=true", "OPT_OUT_TRACKING=true", "SERVER_ADDRESS=0.0.0.0")
                .noneMatch(variable -> variable.toUpperCase(Locale.ROOT).matches(".*(KEY|SECRET|PASSWORD|TOKEN)=.*"));
        assertThat(config.getLabels())
                .containsKeys(
                        "org.opencontainers.image.title",
                        "org.opencontainers.image.description",
                        "org.opencontainers.image.version",
                        "org.opencontainers.image.revision",
                        "org.opencontainers.image.licenses");
        assertThat(Objects.requireNonNull(config.getExposedPorts())).hasSize(1);
        assertThat(Objects.requireNonNull(config.getVolumes()).keySet()).containsExactly("/data");
    }

    @Test
    void isSmall() {
        assertThat(image().inspect().getSize()).isBetween(100_000_000L, MOST_BYTES);
    }

    @Test
    void hasLayersThatHardlyEverChangeBelowThoseThatAlwaysDo() {
        RootFS root = Objects.requireNonNull(image().inspect().getRootFS());
        // The base, the fonts, the runtime, the engine, the libraries, the service, the cache of classes; a builder may
        // add empty ones.
        assertThat(root.getLayers()).hasSizeGreaterThanOrEqualTo(7);
    }

    @Test
    void runsWithoutAnyRightOfRoot() throws IOException {
        Path status = Path.of("/proc", Long.toString(pid(service())), "status");
        assumeTrue(Files.exists(status), "the processes of the containers are on another machine");
        assertThat(Files.readAllLines(status))
                .contains(
                        "Uid:\t10001\t10001\t10001\t10001",
                        "CapEff:\t0000000000000000",
                        "CapBnd:\t0000000000000000",
                        "NoNewPrivs:\t1");
    }

    @Test
    void doesItsMainJobOnAReadOnlyRootWithoutShell() throws Exception {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        long begin = 1_767_225_600_000L;
        for (int row = 0; row < 4032; row++) {
            double value = 50 + 20 * Math.sin(row / 288.0 * 2 * Math.PI) + row % 7 - (row == 3800 ? 30 : 0);
            csv.append(begin + row * 300_000L).append(String.format(Locale.ROOT, ",%.2f%n", value));
        }
        assertThat(send("POST", "/api/v1/series/requests/samples", csv.toString())
                        .statusCode())
                .isEqualTo(200);
        String form = "{\"name\": \"requests\", \"series\": [\"requests\"]}";
        HttpResponse<String> trained = send("POST", "/api/v1/models", form);
        assertThat(trained.statusCode()).as(trained.body()).isEqualTo(201);

        assertThat(anomalous()).containsExactly("2026-01-14T04:40:00Z");

        HttpResponse<String> plot = send("GET", "/api/v1/models/requests/plots/score.png", "");
        assertThat(plot.statusCode()).as("a picture needs fonts").isEqualTo(200);
    }

    /// The rows of an hour around the dip that do not fit.
    private List<String> anomalous() throws Exception {
        HttpResponse<String> scored = send("POST", "/api/v1/models/requests/score", """
                {"series": "requests", "start": "2026-01-14T04:10:00Z", "end": "2026-01-14T05:10:00Z"}
                """);
        assertThat(scored.statusCode()).as(scored.body()).isEqualTo(200);
        List<String> times = new ArrayList<>();
        for (JsonNode row : JsonMapper.shared().readTree(scored.body()).get("rows")) {
            if (row.get("anomalous").asBoolean()) {
                times.add(row.get("timestamp").asString());
            }
        }
        return times;
    }

    @Test
    void knowsWhetherItIsHealthy() throws Exception {
        String[] command = healthCommand();
        ExecResult healthy = service().execInContainer(command);
        assertThat(healthy.getStdout()).isEqualTo("ready\n");
        assertThat(healthy.getExitCode()).isZero();

        String[] elsewhere = Stream.concat(Arrays.stream(command), Stream.of("--server.port=1"))
                .toArray(String[]::new);
        ExecResult sick = service().execInContainer(elsewhere);
        assertThat(sick.getStdout()).startsWith("not ready: ");
        assertThat(sick.getExitCode()).isEqualTo(1);
    }

    @Test
    void tellsStrangersNothing() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(at("/api/v1/series")).build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
    }

    @Test
    void startsFromItsCacheOfClasses() throws Exception {
        ExecResult strict = service()
                .execInContainer(
                        "/opt/jre/bin/java",
                        "@/opt/telltale/jvm.options",
                        "-XX:AOTMode=on", // ends where the cache does not fit
                        "-jar",
                        "/opt/telltale/telltale.jar",
                        "health");
        assertThat(strict.getStdout()).as(strict.getStderr()).isEqualTo("ready\n");
        assertThat(strict.getStderr()).isEmpty();
    }

    /// A start that is refused for want of a key has loaded most of what one that succeeds does.
    @Test
    void takesNearlyAllItsClassesFromThatCache() {
        Image.End keyless = image().runJava("-Xlog:class+load:stdout");
        List<String> loaded = keyless.out()
                .lines()
                .filter(line -> line.contains(" source: "))
                // Made at run time, and not read from any file.
                .filter(line -> !line.matches(".*(\\$\\$|\\$Proxy|/0x|LambdaForm).*"))
                .toList();
        List<String> cached = loaded.stream()
                .filter(line -> line.contains("source: shared objects file"))
                .toList();
        assertThat(loaded).hasSizeGreaterThan(5_000);
        assertThat(cached.size()).as("of %d", loaded.size()).isGreaterThan(loaded.size() * 9 / 10);
    }

    @Test
    void dividesAGibibyteAmongHeapAndNativeMemory() throws Exception {
        HttpResponse<String> meters = send("GET", "/actuator/prometheus", "");
        double heap = meters.body()
                .lines()
                .filter(line -> line.startsWith("jvm_memory_max_bytes{area=\"heap\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .filter(bytes -> bytes > 0)
                .sum();
        assertThat(heap).isBetween(0.25 * Image.MEMORY_LIMIT, 0.31 * Image.MEMORY_LIMIT);
    }

    @Test
    void carriesTheBillOfMaterialsOfItsJar() throws Exception {
        JsonNode bill = service()
                .copyFileFromContainer(
                        "/opt/telltale/sbom.cdx.json", in -> JsonMapper.shared().readTree(in));
        assertThat(bill.get("bomFormat").asString()).isEqualTo("CycloneDX");
        String jar = System.getProperty("packed.jar");
        if (jar != null) {
            try (ZipFile archive = new ZipFile(Path.of(jar).toFile());
                    InputStream packed =
                            archive.getInputStream(archive.getEntry("META-INF/sbom/application.cdx.json"))) {
                assertThat(bill).isEqualTo(JsonMapper.shared().readTree(packed));
            }
        }
    }

    @Test
    void doesNotStartWithoutAKeyAndSaysHowToMakeOne() {
        Image.End keyless = image().run();
        assertThat(keyless.code()).isEqualTo(1);
        assertThat(keyless.out() + keyless.err())
                .contains("Telltale knows no key", "keys generate")
                .doesNotContain("\tat ");
    }

    /// Without any network but its own loopback interface: the engine is there, and nothing is fetched.
    @Test
    void isReadyWithoutANetwork() throws Exception {
        try (GenericContainer<?> alone =
                image().bare("--server.address=127.0.0.1").withNetworkMode("none")) {
            alone.start();
            ExecResult health;
            do {
                assertThat(alone.isRunning()).as("%s", alone.getLogs()).isTrue();
                health = alone.execInContainer(healthCommand());
            } while (health.getExitCode() != 0);
            assertThat(health.getStdout()).isEqualTo("ready\n");
        }
    }

    @Test
    void endsCleanlyWhenItIsToldToAndFindsItsDataAgain() throws Exception {
        String kept = "telltale-test-" + UUID.randomUUID();
        try (GenericContainer<?> first = image().guarded(kept, key, folder)) {
            first.start();
            URI series = URI.create(address(first) + "/api/v1/series/kept/samples");
            assertThat(send("POST", series, "timestamp,value\n2026-01-01 00:00:00,1\n")
                            .statusCode())
                    .isEqualTo(200);
            image().docker()
                    .stopContainerCmd(first.getContainerId())
                    .withTimeout(GRACE_SECONDS)
                    .exec();
            assertThat(exitCode(first)).as("by itself, not killed").isEqualTo(SIGTERM_EXIT);
        }
        try (GenericContainer<?> second = image().guarded(kept, key, folder)) {
            second.start();
            URI series = URI.create(address(second) + "/api/v1/series/kept");
            JsonNode found =
                    JsonMapper.shared().readTree(send("GET", series, "").body());
            assertThat(found.get("summary").get("count").asInt()).isEqualTo(1);
        } finally {
            image().docker().removeVolumeCmd(kept).exec();
        }
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return send(method, at(path), body);
    }

    private HttpResponse<String> send(String method, URI address, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + key)
                .header("Prefer", "wait=60")
                .header("Content-Type", body.startsWith("{") ? "application/json" : "text/csv")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private URI at(String path) {
        return URI.create(address(service()) + path);
    }

    private static String address(GenericContainer<?> container) {
        return "http://" + container.getHost() + ":" + container.getMappedPort(Image.PORT);
    }

    private ContainerConfig config() {
        return Objects.requireNonNull(image().inspect().getConfig());
    }

    /// What asks a container for its health. It is read from a container, since Podman does not tell it of an image.
    private String[] healthCommand() {
        HealthCheck check =
                Objects.requireNonNull(image().inspect(service()).getConfig().getHealthcheck());
        List<String> test = Objects.requireNonNull(check.getTest());
        assertThat(test.getFirst()).as("no shell").isEqualTo("CMD");
        return test.subList(1, test.size()).toArray(String[]::new);
    }

    private long pid(GenericContainer<?> container) {
        return Objects.requireNonNull(image().state(container).getPidLong());
    }

    /// Waits for the end of a container.
    private long exitCode(GenericContainer<?> container) throws InterruptedException {
        while (Boolean.TRUE.equals(image().state(container).getRunning())) {
            Thread.sleep(50);
        }
        return Objects.requireNonNull(image().state(container).getExitCodeLong());
    }
}
