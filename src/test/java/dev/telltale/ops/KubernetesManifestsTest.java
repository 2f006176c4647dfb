package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The folder `k8s`: objects as Kubernetes wants them, whose pods may do nothing that they need not.
class KubernetesManifestsTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern YAML_BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");
    private static final Pattern KUSTOMIZE = Pattern.compile("Kustomize Version: v(\\d+)");

    @TempDir
    private Path directory;

    @Test
    void everyFolderNamesItsFilesAndEveryFileIsNamed() throws IOException {
        Set<Path> named = new TreeSet<>();
        for (Path folder : Manifests.kustomizations().toList()) {
            named.add(folder.resolve("kustomization.yaml"));
            Kustomization.filesOf(folder).forEach(named::add);
        }
        try (Stream<Path> files = Files.walk(Manifests.FOLDER)) {
            assertThat(files.filter(file -> file.toString().endsWith(".yaml")))
                    .containsExactlyInAnyOrderElementsOf(named);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#kustomizations")
    void eachObjectIsAsKubernetesWantsIt(Path folder) {
        Map<String, ObjectNode> objects = Kustomization.render(folder);
        assertThat(objects).isNotEmpty();
        assertThat(objects)
                .allSatisfy(
                        (name, object) -> assertThat(ManifestFaults.of(object)).isEmpty());
    }

    /// A mistake of each kind is put into the StatefulSet, and found.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /spec                                                 | volumeClaimTemplate          | []         | unknown field /spec/volumeClaimTemplate
            /spec/template/spec/containers/0                      | ReadinessProbe               | {}         | unknown field
            /spec/template/spec/containers/0/securityContext      | readOnlyRootFileSystem       | true       | unknown field /spec/template/spec/containers/0/securityContext/readOnlyRootFileSystem
            /spec/template/spec/containers/0/startupProbe/httpGet | Scheme                       | "HTTP"     | unknown field
            /metadata                                             | label                        | {"a": "b"} | unknown field
            /spec                                                 | replicas                     | "1"        | /spec/replicas is "1"
            /spec                                                 | replicas                     | 1.5        | 1.5
            /spec                                                 | replicas                     | "one"      | one
            /spec/template/spec                                   | containers                   | {}         | Object
            /spec/template/spec                                   | automountServiceAccountToken | "false"    | automountServiceAccountToken is "false"
            /spec/template/spec/securityContext                   | runAsUser                    | "10001"    | runAsUser is "10001"
            /spec/template/spec/containers/0/ports/0              | containerPort                | "8080"     | containerPort is "8080"
            /spec/template/spec/containers/0/env/1                | value                        | 8080       | value is 8080
            /spec/template/spec/containers/0/readinessProbe       | periodSeconds                | "5s"       | 5s
            /spec/selector/matchLabels                            | telltale.dev/one             | true       | true
            /spec/template/spec/containers/0/resources/limits     | memory                       | "1GiB"     | 1GiB
            /spec/template/spec/containers/0/resources/limits     | memory                       | "1 Gi"     | 1 Gi
            /spec/template/spec/containers/0/resources/limits     | memory                       | ""         | no amount
            /spec/template/spec/containers/0/resources/requests   | cpu                          | "half"     | half
            /spec/template/spec/containers/0/resources/requests   | cpu                          | 2          | cpu is 2
            /spec/volumeClaimTemplates/0/spec/resources/requests  | storage                      | "10GB"     | 10GB
            /spec/template/spec/volumes/0/emptyDir                | sizeLimit                    | "512mb"    | 512mb
            """)
    void aMistakeIsFound(String parent, String field, String value, String fault) {
        ObjectNode object = Manifests.workload(Manifests.BASE);
        ((ObjectNode) object.at(parent)).set(field, JSON.readTree(value));
        assertThat(ManifestFaults.of(object)).singleElement().asString().contains(fault);
    }

    @Test
    void aMistakeInAKindOfThePrometheusOperatorIsFoundToo() {
        ObjectNode monitor = Manifests.object(Manifests.MONITORING, "ServiceMonitor/telltale");
        ((ObjectNode) monitor.at("/spec/endpoints/0")).put("pathname", "/metrics");
        assertThat(ManifestFaults.of(monitor)).containsExactly("unknown field /spec/endpoints/0/pathname");
        assertThat(ManifestFaults.of(monitor.put("kind", "ServiceMonitors")))
                .containsExactly("no kind of object is called monitoring.coreos.com/v1/ServiceMonitors");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            resources: [missing.yaml]                                                             | is not there
            resources: [../k8s/base]\\npatches: [{path: patch.yaml, target: {kind: Pod, name: a}}] | is not there
            resources: [../k8s/base, ../k8s/base]                                                 | two objects are
            namePrefix: my-                                                                       | a field that is none of
            """)
    void aKustomizationThatNamesWhatIsNotThereMakesNothing(String content, String failure) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("one"));
        Path base = folder.toRealPath().relativize(Manifests.BASE.toRealPath());
        Files.writeString(folder.resolve("patch.yaml"), "[]");
        Files.writeString(
                folder.resolve("kustomization.yaml"),
                content.replace("\\n", "\n").replace("../k8s/base", base.toString()));
        assertThatThrownBy(() -> Kustomization.render(folder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(failure);
    }

    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#deployments")
    void thePodsMayDoNothingThatTheyNeedNot(Path folder) {
        Map<String, ObjectNode> objects = Kustomization.render(folder);
        assertThat(PodSecurity.faults(Manifests.workload(folder).at(Manifests.POD)))
                .isEmpty();

        JsonNode labels = Manifests.object(objects, "Namespace/telltale").at("/metadata/labels");
        for (String mode : List.of("enforce", "audit", "warn")) {
            assertThat(labels.path("pod-security.kubernetes.io/" + mode).asString())
                    .isEqualTo("restricted");
        }
        assertThat(Manifests.object(objects, "ServiceAccount/telltale")
                        .path("automountServiceAccountToken")
                        .asBoolean(true))
                .isFalse();
    }

    /// Each of these is put into the pod, or taken out of it where no value stands, and found.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /automountServiceAccountToken                          | true
            /automountServiceAccountToken                          |
            /enableServiceLinks                                    | true
            /hostNetwork                                           | true
            /hostPID                                               | true
            /hostIPC                                               | true
            /securityContext/runAsNonRoot                          |
            /securityContext/runAsUser                             | 0
            /securityContext/runAsUser                             |
            /securityContext/runAsGroup                            | 0
            /securityContext/fsGroup                               |
            /securityContext/fsGroupChangePolicy                   | "Always"
            /securityContext/seccompProfile                        |
            /securityContext/seccompProfile/type                   | "Unconfined"
            /containers/0/securityContext                          |
            /containers/0/securityContext/runAsNonRoot             | false
            /containers/0/securityContext/runAsUser                | 0
            /containers/0/securityContext/privileged               | true
            /containers/0/securityContext/allowPrivilegeEscalation | true
            /containers/0/securityContext/allowPrivilegeEscalation |
            /containers/0/securityContext/readOnlyRootFilesystem   | false
            /containers/0/securityContext/readOnlyRootFilesystem   |
            /containers/0/securityContext/capabilities             |
            /containers/0/securityContext/capabilities/drop        | ["NET_RAW"]
            /containers/0/securityContext/capabilities/add         | ["NET_ADMIN"]
            /containers/0/securityContext/seccompProfile/type      | "Unconfined"
            /containers/0/resources/limits/memory                  |
            /containers/0/resources/limits/cpu                     |
            /containers/0/resources/requests/memory                |
            /containers/0/ports/0/hostPort                         | 8080
            /volumes/0/hostPath                                    | {"path": "/"}
            /volumes/0/emptyDir/sizeLimit                          |
            """)
    void aRightTooManyIsFound(String place, @Nullable String value) {
        JsonNode pod = Manifests.workload(Manifests.BASE).at(Manifests.POD);
        assertThat(PodSecurity.faults(pod)).isEmpty();
        int end = place.lastIndexOf('/');
        ObjectNode parent = (ObjectNode) pod.at(place.substring(0, end));
        if (value == null) {
            parent.remove(place.substring(end + 1));
        } else {
            parent.set(place.substring(end + 1), JSON.readTree(value));
        }
        assertThat(PodSecurity.faults(pod)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#kustomizations")
    void everyObjectSaysWhatItIsPartOf(Path folder) {
        Kustomization.render(folder).forEach((name, object) -> {
            List<String> labels = new ArrayList<>(List.of("name", "part-of"));
            if (!name.equals("Namespace/telltale")) {
                labels.addAll(List.of("instance", "component"));
                assertThat(object.at("/metadata/namespace").asString()).as(name).isEqualTo("telltale");
            }
            for (String label : labels) {
                assertThat(object.at("/metadata/labels")
                                .path("app.kubernetes.io/" + label)
                                .asString())
                        .as(label + " of " + name)
                        .isNotEmpty();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#deployments")
    void whatSelectsPodsSelectsThose(Path folder) {
        ObjectNode workload = Manifests.workload(folder);
        List<JsonNode> selectors = new ArrayList<>();
        selectors.add(workload.at("/spec/selector/matchLabels"));
        for (JsonNode constraint : workload.at(Manifests.POD + "/topologySpreadConstraints")) {
            selectors.add(constraint.at("/labelSelector/matchLabels"));
        }
        Kustomization.render(folder).forEach((name, object) -> {
            if (name.startsWith("Service/")) {
                selectors.add(object.at("/spec/selector"));
            } else if (name.startsWith("PodDisruptionBudget/")) {
                selectors.add(object.at("/spec/selector/matchLabels"));
            } else if (name.startsWith("NetworkPolicy/") && !name.equals("NetworkPolicy/default-deny")) {
                selectors.add(object.at("/spec/podSelector/matchLabels"));
            }
        });
        JsonNode labels = workload.at("/spec/template/metadata/labels");
        assertThat(selectors).hasSizeGreaterThanOrEqualTo(5).allSatisfy(selector -> {
            assertThat(selector.propertyNames()).contains("app.kubernetes.io/name", "app.kubernetes.io/instance");
            assertThat(labels.properties()).containsAll(selector.properties());
        });
    }

    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#deployments")
    void everyVolumeIsMountedAndEveryMountHasItsVolume(Path folder) {
        ObjectNode workload = Manifests.workload(folder);
        Set<String> volumes = new TreeSet<>(Manifests.texts(workload.at(Manifests.POD + "/volumes"), "/name"));
        volumes.addAll(Manifests.texts(workload.at("/spec/volumeClaimTemplates"), "/metadata/name"));
        Set<String> mounted = new TreeSet<>();
        for (JsonNode container : workload.at(Manifests.POD + "/containers")) {
            mounted.addAll(Manifests.mounts(container).keySet());
        }
        assertThat(mounted).contains("data").isEqualTo(volumes);
    }

    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#deployments")
    void nobodyComesInOrGoesOutButWhomAPolicyNames(Path folder) {
        Map<String, ObjectNode> objects = Kustomization.render(folder);
        assertThat(Manifests.object(objects, "NetworkPolicy/default-deny").path("spec"))
                .isEqualTo(JSON.readTree("{\"podSelector\":{},\"policyTypes\":[\"Ingress\",\"Egress\"]}"));

        Set<String> out = new TreeSet<>();
        for (ObjectNode object : objects.values()) {
            for (JsonNode rule : object.at("/spec/egress")) {
                assertThat(rule.path("to").values()).isNotEmpty();
                out.addAll(Manifests.texts(rule.path("ports"), "/port"));
            }
            for (JsonNode rule : object.at("/spec/ingress")) {
                assertThat(rule.path("from").values())
                        .isNotEmpty()
                        .allSatisfy(from -> assertThat(
                                        from.at("/podSelector/matchLabels").properties())
                                .isNotEmpty());
            }
        }
        assertThat(out)
                .isEqualTo(Map.of(
                                Manifests.BASE, Set.of("53"),
                                Manifests.REPLICATED, Set.of("53", "5432", "9092"),
                                Manifests.BESIDE_AGENT, Set.of("53", "443", "80"))
                        .get(folder));
    }

    @Test
    void receiversAreReachedOnlyWithTheirComponentAndPrivateNetworksNotEvenThen() {
        JsonNode policy = Manifests.object(Manifests.RECEIVERS, "NetworkPolicy/telltale-receivers");
        assertThat(policy.at("/spec/egress/0/to/0/podSelector/matchLabels"))
                .isEqualTo(JSON.readTree("{\"app.kubernetes.io/name\":\"alertmanager\"}"));
        assertThat(Manifests.texts(policy.at("/spec/egress/1/to/0/ipBlock/except"), ""))
                .contains("169.254.0.0/16", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8");
        assertThat(Manifests.texts(policy.at("/spec/egress/1/ports"), "/port")).containsExactly("443");
    }

    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#deployments")
    void aNodeCanAlwaysBeDrained(Path folder) {
        JsonNode budget = Manifests.object(folder, "PodDisruptionBudget/telltale");
        assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
        assertThat(budget.at("/spec/minAvailable").isMissingNode()).isTrue();
    }

    @Test
    void oneReplicaKeepsItsDiskAndIsNeverTwo() {
        ObjectNode one = Manifests.workload(Manifests.BASE);
        assertThat(one.path("kind").asString()).isEqualTo("StatefulSet");
        assertThat(one.at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(Manifests.texts(one.at("/spec/volumeClaimTemplates/0/spec/accessModes"), ""))
                .containsExactly("ReadWriteOnce");
        assertThat(one.at("/spec/persistentVolumeClaimRetentionPolicy/whenDeleted")
                        .asString())
                .isEqualTo("Retain");
    }

    @Test
    void severalReplicasAreScaledByTheirCpuSpreadOutAndReplacedOneByOne() {
        ObjectNode deployment = Manifests.workload(Manifests.REPLICATED);
        assertThat(deployment.path("kind").asString()).isEqualTo("Deployment");
        assertThat(deployment.at("/spec/replicas").isMissingNode())
                .as("the autoscaler says how many")
                .isTrue();
        assertThat(deployment.at("/spec/strategy/rollingUpdate/maxUnavailable").asInt(1))
                .isZero();
        assertThat(Manifests.texts(deployment.at(Manifests.POD + "/topologySpreadConstraints"), "/topologyKey"))
                .containsExactly("topology.kubernetes.io/zone", "kubernetes.io/hostname");

        JsonNode scaler = Manifests.object(Manifests.REPLICATED, "HorizontalPodAutoscaler/telltale")
                .path("spec");
        assertThat(scaler.at("/scaleTargetRef/apiVersion")).isEqualTo(deployment.path("apiVersion"));
        assertThat(scaler.at("/scaleTargetRef/kind")).isEqualTo(deployment.path("kind"));
        assertThat(scaler.at("/scaleTargetRef/name")).isEqualTo(deployment.at("/metadata/name"));
        assertThat(scaler.at("/metrics/0/resource/name").asString()).isEqualTo("cpu");
        assertThat(scaler.at("/metrics/0/resource/target/type").asString()).isEqualTo("Utilization");
        assertThat(scaler.path("minReplicas").asInt())
                .isGreaterThan(1)
                .isLessThan(scaler.path("maxReplicas").asInt());
    }

    /// A pod that takes more of its node's disk than its limit is evicted.
    @Test
    void theCacheOfAReplicaFitsIntoItsLimit() {
        ObjectNode deployment = Manifests.workload(Manifests.REPLICATED);
        int limit = gibibytes(deployment
                .at(Manifests.SERVICE_CONTAINER + "/resources/limits/ephemeral-storage")
                .asString());
        int cache = Manifests.texts(deployment.at(Manifests.POD + "/volumes"), "/emptyDir/sizeLimit").stream()
                .filter(size -> size.endsWith("Gi"))
                .mapToInt(KubernetesManifestsTest::gibibytes)
                .sum();
        assertThat(cache).isPositive().isLessThan(limit);
    }

    @ParameterizedTest
    @MethodSource("dev.telltale.ops.Manifests#kustomizations")
    void kubectlMakesTheSame(Path folder) throws Exception {
        assumeKustomize();
        boolean isComponent = Kustomization.documents(folder.resolve("kustomization.yaml"))
                .getFirst()
                .path("kind")
                .asString()
                .equals("Component");
        Path rendered = isComponent ? overlayOfBaseWith(folder) : folder;
        assertThat(Kustomization.byName(Kustomization.documents(kubectl("kustomize", rendered.toString()))))
                .hasSizeGreaterThan(7)
                .isEqualTo(Kustomization.render(rendered));
    }

    /// The folder of a user's own that docs/kubernetes.md shows, with another namespace.
    @Test
    void thePagesExampleChangesWhatItSays() throws Exception {
        assumeKustomize();
        Path overlay = Files.createDirectories(directory.resolve("own")).toRealPath();
        Files.writeString(
                overlay.resolve("kustomization.yaml"),
                exampleOfThePage(0)
                        .replace(
                                "../telltale/k8s",
                                relative(overlay, Manifests.FOLDER).toString())
                        .replace("namespace: telltale", "namespace: watch"));
        Map<String, ObjectNode> objects =
                Kustomization.byName(Kustomization.documents(kubectl("kustomize", overlay.toString())));

        assertThat(objects)
                .containsKeys("Namespace/watch", "ServiceMonitor/telltale", "NetworkPolicy/telltale-receivers");
        objects.forEach((name, object) -> {
            assertThat(ManifestFaults.of(object)).as(name).isEmpty();
            if (!name.equals("Namespace/watch")) {
                assertThat(object.at("/metadata/namespace").asString()).as(name).isEqualTo("watch");
            }
        });
        ObjectNode workload = Manifests.object(objects, "StatefulSet/telltale");
        JsonNode container = workload.at(Manifests.SERVICE_CONTAINER);
        assertThat(container.path("image").asString()).isEqualTo("registry.example.com/telltale:0.1.0");
        assertThat(workload.at("/spec/volumeClaimTemplates/0/spec/resources/requests/storage")
                        .asString())
                .isEqualTo("50Gi");
        assertThat(Manifests.texts(container.path("env"), "/name"))
                .contains("TELLTALE_RETENTION", "TELLTALE_ALERTS_ALLOWED_NETWORKS")
                .filteredOn(name -> name.startsWith("TELLTALE_"))
                .allMatch(Manifests.knownSettings()::contains);
    }

    @Test
    void thePagesExampleOfServersOutsideReachesThem() throws Exception {
        assumeKustomize();
        Path overlay = Files.createDirectories(directory.resolve("own")).toRealPath();
        Files.writeString(
                overlay.resolve("kustomization.yaml"),
                "resources: [" + relative(overlay, Manifests.REPLICATED) + "]\n" + exampleOfThePage(1));
        JsonNode egress = Manifests.object(
                        Kustomization.byName(Kustomization.documents(kubectl("kustomize", overlay.toString()))),
                        "NetworkPolicy/telltale-stores")
                .at("/spec/egress");
        assertThat(egress.size()).isEqualTo(1);
        assertThat(Manifests.texts(egress.at("/0/ports"), "/port")).containsExactly("5432", "9092");
    }

    private static String exampleOfThePage(int number) throws IOException {
        return YAML_BLOCK
                .matcher(Files.readString(Path.of("docs", "kubernetes.md")))
                .results()
                .skip(number)
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    private Path overlayOfBaseWith(Path... components) throws IOException {
        Path overlay = Files.createDirectories(directory.resolve("overlay")).toRealPath();
        String named = Stream.of(components)
                .map(component -> "  - " + relative(overlay, component) + "\n")
                .collect(Collectors.joining());
        Files.writeString(
                overlay.resolve("kustomization.yaml"), """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                namespace: telltale
                resources:
                  - %s
                components:
                %s""".formatted(relative(overlay, Manifests.BASE), named));
        return overlay;
    }

    /// Kustomize takes no absolute paths.
    private static Path relative(Path from, Path to) {
        return from.relativize(to.toAbsolutePath());
    }

    private static int gibibytes(String amount) {
        return Integer.parseInt(amount.substring(0, amount.length() - "Gi".length()));
    }

    /// Before Kustomize 4, which kubectl has since 1.22, a patch could not make another kind of an object.
    private static void assumeKustomize() throws Exception {
        String version;
        try {
            version = kubectl("version", "--client");
        } catch (IOException notThere) {
            assumeTrue(false, "kubectl is not on the PATH; install it to compare what it renders (" + notThere + ")");
            return;
        }
        Matcher kustomize = KUSTOMIZE.matcher(version);
        assumeTrue(
                kustomize.find() && Integer.parseInt(kustomize.group(1)) >= 4,
                () -> "this kubectl has no Kustomize of version 4 or newer: " + version);
    }

    private static String kubectl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        Process kubectl = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kubectl.waitFor()).as(output).isZero();
        return output;
    }
}
