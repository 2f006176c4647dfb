package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A service with the settings of the pod in `k8s/base`, where its files are those of a test.
class KubernetesSettingsIT {

    private static final String KEY = "tt_firstkey0001_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    @TempDir
    private Path directory;

    @Test
    void startsAndAnswersProbesWithoutAKeyAndTheScrapeWithOne() throws Exception {
        JsonNode container = Manifests.workload(Manifests.BASE).at(Manifests.SERVICE_CONTAINER);
        Path key = Files.writeString(directory.resolve("admin.key"), KEY + "\n");
        String[] settings = Stream.concat(
                        container.path("env").valueStream().flatMap(KubernetesSettingsIT::asArgument),
                        Stream.of("--telltale.access.key-file=" + key, "--telltale.connections.drain-delay=0s"))
                .toArray(String[]::new);
        assertThat(settings).contains("--server.address=0.0.0.0");
        try (Service service = new Service(directory.resolve("data"), settings)) {
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                String path = container.path(probe).at("/httpGet/path").asString();
                assertThat(service.get(path).statusCode())
                        .as(probe)
                        .isIn(probe.equals("readinessProbe") ? List.of(200, 503) : List.of(200)); // the engine may load
            }
            String scraped = Manifests.object(Manifests.MONITORING, "ServiceMonitor/telltale")
                    .at("/spec/endpoints/0/path")
                    .asString();
            assertThat(service.get(scraped).statusCode()).isEqualTo(401);
            assertThat(service.send("GET", scraped, "", "Authorization: Bearer " + KEY)
                            .body())
                    .contains("telltale_storage_writable");
        }
    }

    /// A variable of the environment as an argument, but for files and the port, which are the test's.
    private static Stream<String> asArgument(JsonNode variable) {
        String name = variable.path("name").asString();
        return Set.of("TELLTALE_DATA_DIR", "TELLTALE_ACCESS_KEY_FILE", "SERVER_PORT")
                        .contains(name)
                ? Stream.of()
                : Stream.of("--" + setting(name) + "=" + variable.path("value").asString());
    }

    private static String setting(String variable) {
        return switch (variable) {
            case "SERVER_ADDRESS" -> "server.address";
            case "TELLTALE_PUBLIC_URL" -> "telltale.public-url";
            default -> throw new IllegalStateException("say which setting " + variable + " is");
        };
    }
}
