package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the folder `k8s` says of ports, paths, settings, files and times is what the service, its image and its pages
/// say.
class KubernetesAgreementTest {

    /// Settings that come with the rooms of PostgreSQL and Kafka.
    private static final Set<String> OF_REPLICAS = Set.of(
            "TELLTALE_DATABASE_URL",
            "TELLTALE_DATABASE_USER",
            "TELLTALE_DATABASE_PASSWORD_FILE",
            "TELLTALE_KAFKA_BOOTSTRAP_SERVERS");

    private static final Duration LONGEST_DELAY = Duration.ofSeconds(15); // telltale.connections.drain-delay
    private static final Duration TO_STOP = Duration.ofSeconds(10); // for what is left when all requests have ended

    private static final JsonNode APPLICATION = Kustomization.documents(
                    Path.of("src", "main", "resources", "application.yaml"))
            .getFirst();

    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#deployments")
    void theServiceListensWhereProbesAndCallersLookForIt(Path folder) {
        Map<String, ObjectNode> objects = Kustomization.render(folder);
        JsonNode container = Manifests.workload(folder).at(Manifests.SERVICE_CONTAINER);
        int port = APPLICATION.at("/server/port").asInt();
        assertThat(container.path("name").asString()).isEqualTo("telltale");
        assertThat(Manifests.value(container, "SERVER_ADDRESS")).isEqualTo("0.0.0.0");
        assertThat(Manifests.value(container, "SERVER_PORT")).isEqualTo(Integer.toString(port));
        assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(port);
        assertThat(container.at("/ports/0/name").asString()).isEqualTo("http");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            String kind = probe.equals("readinessProbe") ? "readiness" : "liveness";
            JsonNode get = container.path(probe).path("httpGet");
            assertThat(get.path("path").asString()).as(probe).isEqualTo("/actuator/health/" + kind);
            assertThat(get.path("port").asString()).as(probe).isEqualTo("http");
            assertThat(APPLICATION.at("/management/endpoint/health/group").has(kind))
                    .isTrue();
        }

        JsonNode service = Manifests.object(objects, "Service/telltale").at("/spec/ports/0");
        assertThat(service.path("targetPort").asString()).isEqualTo("http");
        assertThat(Manifests.value(container, "TELLTALE_PUBLIC_URL"))
                .isEqualTo(
                        "http://telltale.telltale.svc:" + service.path("port").asInt());
        assertThat(Manifests.object(objects, "NetworkPolicy/telltale-clients")
                        .at("/spec/ingress/0/ports/0/port")
                        .asString())
                .isEqualTo("http");
    }

    /// A start that reads a long journal takes longer than liveness alone would grant it.
    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#deployments")
    void aSlowStartIsNoReasonToStartAgain(Path folder) {
        JsonNode container = Manifests.workload(folder).at(Manifests.SERVICE_CONTAINER);
        assertThat(patience(container.path("startupProbe"))).isGreaterThanOrEqualTo(Duration.ofMinutes(2));
        assertThat(patience(container.path("livenessProbe"))).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
        assertThat(patience(container.path("readinessProbe"))).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    /// What drains takes the delay before the door is closed, then the phase in which requests end.
    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#deployments")
    void theGraceIsLongerThanTheLongestDrain(Path folder) throws IOException {
        long grace = Manifests.workload(folder)
                .at(Manifests.POD + "/terminationGracePeriodSeconds")
                .asLong();
        Duration phase = Duration.parse("PT"
                + APPLICATION.at("/spring/lifecycle/timeout-per-shutdown-phase").asString());
        assertThat(Duration.ofSeconds(grace))
                .isGreaterThanOrEqualTo(LONGEST_DELAY.plus(phase).plus(TO_STOP));
        assertThat(Files.readString(Path.of("docs", "limits.md")))
                .contains(
                        "at most " + LONGEST_DELAY.toSeconds() + " s",
                        "`terminationGracePeriodSeconds: " + grace + "`");
    }

    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#deployments")
    void eachSettingIsOneOfTheService(Path folder) {
        KnownSettings known = Manifests.knownSettings();
        assertThat(known.all()).contains("telltale.data-dir", "telltale.access.key-file");
        Set<String> unknown =
                Manifests.texts(Manifests.workload(folder).at(Manifests.SERVICE_CONTAINER + "/env"), "/name").stream()
                        .filter(name -> name.startsWith("TELLTALE_") && !known.contains(name))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(unknown).isSubsetOf(folder.equals(Manifests.REPLICATED) ? OF_REPLICAS : Set.of());
    }

    /// Root owns what is mounted, and the service makes its directory its own, which it can only where it made it.
    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#deployments")
    void dataLiesBelowWhatIsMountedAndKeysAreFilesOfSecrets(Path folder) {
        ObjectNode workload = Manifests.workload(folder);
        JsonNode container = workload.at(Manifests.SERVICE_CONTAINER);
        Map<String, String> mounts = Manifests.mounts(container);
        assertThat(mounts).containsEntry("data", "/data").containsEntry("tmp", "/tmp");
        assertThat(Path.of(Manifests.value(container, "TELLTALE_DATA_DIR")).getParent())
                .isEqualTo(Path.of("/data"));
        assertThat(Manifests.value(container, "TELLTALE_ACCESS_KEY_FILE"))
                .isEqualTo(fileOfSecret(workload, "telltale-key"));
        assertThat(workload.toString()).doesNotContain("\"tt_");
        if (folder.equals(Manifests.REPLICATED)) {
            assertThat(Manifests.value(container, "TELLTALE_DATABASE_PASSWORD_FILE"))
                    .isEqualTo(fileOfSecret(workload, "telltale-stores"));
            for (String name :
                    List.of("TELLTALE_DATABASE_URL", "TELLTALE_DATABASE_USER", "TELLTALE_KAFKA_BOOTSTRAP_SERVERS")) {
                assertThat(Manifests.variable(container, name)
                                .at("/valueFrom/secretKeyRef/name")
                                .asString())
                        .as(name)
                        .isEqualTo("telltale-stores");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#deployments")
    void thePageSaysHowEachSecretIsMade(Path folder) throws IOException {
        ObjectNode workload = Manifests.workload(folder);
        Set<String> secrets =
                new TreeSet<>(Manifests.texts(workload.at(Manifests.POD + "/volumes"), "/secret/secretName"));
        for (JsonNode container : workload.at(Manifests.POD + "/containers")) {
            secrets.addAll(Manifests.texts(container.path("env"), "/valueFrom/secretKeyRef/name"));
        }
        String page = Files.readString(Path.of("docs", "kubernetes.md"));
        assertThat(secrets)
                .contains("telltale-key")
                .allSatisfy(secret -> assertThat(page).contains("create secret generic " + secret + " "));
    }

    @Test
    void theUserAndTheDirectoryAreThoseOfTheImage() throws IOException {
        Path image = Path.of("Dockerfile");
        assumeTrue(Files.exists(image), "there is no Dockerfile yet");
        JsonNode pod = Manifests.workload(Manifests.BASE).at(Manifests.POD);
        assertThat(Files.readString(image))
                .contains("USER " + pod.at("/securityContext/runAsUser").asInt() + ":"
                        + pod.at("/securityContext/runAsGroup").asInt() + "\n")
                .contains("VOLUME /data\n");
    }

    @Test
    void whatIsScrapedIsThere() {
        JsonNode monitor = Manifests.object(Manifests.MONITORING, "ServiceMonitor/telltale")
                .path("spec");
        JsonNode service = Manifests.object(Manifests.BASE, "Service/telltale");
        JsonNode labels = service.at("/metadata/labels");
        assertThat(labels.properties())
                .containsAll(monitor.at("/selector/matchLabels").properties());
        assertThat(monitor.at("/endpoints/0/port")).isEqualTo(service.at("/spec/ports/0/name"));
        assertThat(monitor.at("/endpoints/0/path").asString()).isEqualTo("/actuator/prometheus");
        assertThat(labels.path(monitor.path("jobLabel").asString()).asString())
                .as("the job that the rules name")
                .isEqualTo("telltale");
    }

    @Test
    void theRulesAreThoseThatAreTested() {
        JsonNode rules = Manifests.object(Manifests.MONITORING, "PrometheusRule/telltale");
        JsonNode tested = Kustomization.documents(Path.of("examples", "prometheus", "telltale-rules.yml"))
                .getFirst();
        assertThat(rules.at("/spec/groups"))
                .as("prometheus-rule.yaml ends with what this prints:"
                        + " sed -n '/^groups:/,$s/^./  &/p' examples/prometheus/telltale-rules.yml")
                .isEqualTo(tested.path("groups"));
    }

    private static Duration patience(JsonNode probe) {
        return Duration.ofSeconds((long) probe.path("periodSeconds").asInt()
                * probe.path("failureThreshold").asInt());
    }

    /// Where the container has the one file of a Secret.
    private static String fileOfSecret(ObjectNode workload, String secret) {
        for (JsonNode volume : workload.at(Manifests.POD + "/volumes")) {
            if (volume.at("/secret/secretName").asString().equals(secret)) {
                String mount = Manifests.mounts(workload.at(Manifests.SERVICE_CONTAINER))
                        .getOrDefault(volume.path("name").asString(), "nowhere");
                return mount + "/" + volume.at("/secret/items/0/path").asString();
            }
        }
        throw new IllegalStateException("no volume holds the Secret " + secret);
    }
}
