package dev.telltale.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The folder `k8s` of the project, and what its tests look for in it.
final class Manifests {

    static final Path FOLDER = Path.of("k8s");
    static final Path BASE = FOLDER.resolve("base");
    static final Path REPLICATED = FOLDER.resolve("overlays").resolve("replicated");
    static final Path BESIDE_AGENT = FOLDER.resolve("overlays").resolve("cloudwatch-agent");
    static final Path MONITORING = FOLDER.resolve("components").resolve("monitoring");
    static final Path RECEIVERS = FOLDER.resolve("components").resolve("receivers");

    /// Where the specification of the pods lies in a workload.
    static final String POD = "/spec/template/spec";

    /// Telltale's own container there.
    static final String SERVICE_CONTAINER = POD + "/containers/0";

    private Manifests() {}

    /// The folders that are deployed as they are.
    static Stream<Path> deployments() {
        return Stream.of(BASE, REPLICATED, BESIDE_AGENT);
    }

    /// All folders with a kustomization.
    static Stream<Path> kustomizations() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files
                    .filter(Files::isDirectory)
                    .filter(folder -> Files.exists(folder.resolve("kustomization.yaml")))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /// What runs Telltale's pods in a folder: the one StatefulSet or Deployment.
    static ObjectNode workload(Path folder) {
        List<ObjectNode> workloads = Kustomization.render(folder).values().stream()
                .filter(object -> object.at(POD).isObject())
                .toList();
        if (workloads.size() != 1) {
            throw new IllegalStateException(folder + " has " + workloads.size() + " workloads");
        }
        return workloads.getFirst();
    }

    /// An object of what a folder makes, by `Kind/name`.
    static ObjectNode object(Path folder, String name) {
        return object(Kustomization.render(folder), name);
    }

    static ObjectNode object(Map<String, ObjectNode> objects, String name) {
        ObjectNode object = objects.get(name);
        if (object == null) {
            throw new IllegalStateException(name + " is none of " + objects.keySet());
        }
        return object;
    }

    /// What stands at a place in each element of a list, where anything does.
    static List<String> texts(JsonNode list, String place) {
        return list.valueStream()
                .map(element -> element.at(place))
                .filter(JsonNode::isValueNode)
                .map(JsonNode::asString)
                .toList();
    }

    /// A variable of a container's environment, whole.
    static JsonNode variable(JsonNode container, String name) {
        return container
                .path("env")
                .valueStream()
                .filter(variable -> variable.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no variable is called " + name));
    }

    /// The value of a variable that has one of its own.
    static String value(JsonNode container, String name) {
        return variable(container, name).path("value").asString();
    }

    /// Where a container has its volumes, by their names.
    static Map<String, String> mounts(JsonNode container) {
        Map<String, String> mounts = new TreeMap<>();
        for (JsonNode mount : container.path("volumeMounts")) {
            mounts.put(mount.path("name").asString(), mount.path("mountPath").asString());
        }
        return mounts;
    }

    /// The settings of the service.
    static KnownSettings knownSettings() {
        ClassPathScanningCandidateComponentProvider records = new ClassPathScanningCandidateComponentProvider(false);
        records.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        return KnownSettings.of(records.findCandidateComponents("dev.telltale").stream()
                .<Class<?>>map(found -> ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()), null))
                .filter(type -> type.isRecord() && type.getEnclosingClass() == null) // others are of tests
                .toList());
    }
}
