package dev.telltale.ops;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What a pod may not lack: the Pod Security Standard "restricted" of Kubernetes, and beyond it a root file system that
/// is read-only, no token of the cluster, a numeric user above the system's, and limits.
final class PodSecurity {

    /// Of a pod, what must stand at these places.
    private static final Map<String, Object> POD = new LinkedHashMap<>();

    static {
        POD.put("/automountServiceAccountToken", false);
        POD.put("/enableServiceLinks", false);
        POD.put("/securityContext/runAsNonRoot", true);
        POD.put("/securityContext/seccompProfile/type", "RuntimeDefault");
        POD.put("/securityContext/fsGroupChangePolicy", "OnRootMismatch");
    }

    /// Of each container of it.
    private static final Map<String, Object> CONTAINER = new LinkedHashMap<>();

    static {
        CONTAINER.put("/securityContext/runAsNonRoot", true);
        CONTAINER.put("/securityContext/privileged", false);
        CONTAINER.put("/securityContext/allowPrivilegeEscalation", false);
        CONTAINER.put("/securityContext/readOnlyRootFilesystem", true);
        CONTAINER.put("/securityContext/seccompProfile/type", "RuntimeDefault");
        CONTAINER.put("/securityContext/capabilities/drop/0", "ALL");
    }

    private static final List<String> POD_MAY_NOT_HAVE = List.of("/hostNetwork", "/hostPID", "/hostIPC", "/hostUsers");
    private static final List<String> CONTAINER_MAY_NOT_HAVE =
            List.of("/securityContext/capabilities/add", "/securityContext/runAsUser", "/securityContext/procMount");
    private static final List<String> AMOUNTS = List.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> VOLUMES = Set.of("emptyDir", "secret");
    private static final int LOWEST_USER = 10_000; // none of the node's

    private final List<String> faults = new ArrayList<>();

    private PodSecurity() {}

    /// A sentence for each fault.
    ///
    /// @param pod the specification of a pod
    static List<String> faults(JsonNode pod) {
        PodSecurity found = new PodSecurity();
        found.checkPod(pod);
        pod.path("containers").forEach(found::checkContainer);
        pod.path("initContainers").forEach(found::checkContainer);
        return found.faults;
    }

    private void checkPod(JsonNode pod) {
        checkPlaces("the pod", pod, POD, POD_MAY_NOT_HAVE);
        for (String id : List.of("runAsUser", "runAsGroup", "fsGroup")) {
            if (pod.path("securityContext").path(id).asInt(0) < LOWEST_USER) {
                faults.add("the pod has no " + id + " of " + LOWEST_USER + " or more");
            }
        }
        for (JsonNode volume : pod.path("volumes")) {
            for (String field : volume.propertyNames()) {
                if (!field.equals("name") && !VOLUMES.contains(field)) {
                    faults.add("the pod has a volume of the kind " + field);
                }
            }
            if (volume.has("emptyDir") && !volume.at("/emptyDir/sizeLimit").isString()) {
                faults.add("the pod's volume " + volume.path("name") + " may grow without limit");
            }
        }
    }

    private void checkContainer(JsonNode container) {
        String who = container.path("name").asString();
        checkPlaces(who, container, CONTAINER, CONTAINER_MAY_NOT_HAVE);
        if (container.at("/securityContext/capabilities/drop").size() != 1) {
            faults.add(who + " drops more than ALL capabilities");
        }
        for (String amount : AMOUNTS) {
            for (String kind : List.of("requests", "limits")) {
                if (!container.path("resources").path(kind).has(amount)) {
                    faults.add(who + " has no " + amount + " in its " + kind);
                }
            }
        }
        for (JsonNode port : container.path("ports")) {
            if (port.has("hostPort")) {
                faults.add(who + " takes a port of the node");
            }
        }
    }

    private void checkPlaces(String who, JsonNode node, Map<String, Object> expected, List<String> forbidden) {
        expected.forEach((place, value) -> {
            JsonNode found = node.at(place);
            boolean fits = value instanceof Boolean flag
                    ? found.isBoolean() && found.booleanValue() == flag
                    : found.isString() && found.stringValue().equals(value);
            if (!fits) {
                faults.add(who + " needs " + place + " " + value + ", has " + found);
            }
        });
        for (String place : forbidden) {
            if (!node.at(place).isMissingNode()) {
                faults.add(who + " has " + place);
            }
        }
    }
}
