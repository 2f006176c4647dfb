package dev.telltale.access;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/// Which route needs which role. What stands on no line here is open to nobody; a test compares the lines with
/// the routes of the OpenAPI document.
final class RouteRoles {

    private static final List<Rule> RULES = new Table()
            .anyone("GET /", "GET /swagger-ui.html", "GET /swagger-ui/{*file}")
            .anyone("GET /actuator/health/liveness", "GET /actuator/health/readiness")
            .locallyAnyoneElse(
                    Role.METRICS,
                    "GET /actuator/health",
                    "GET /actuator/health/{*part}",
                    "GET /actuator/info",
                    "GET /actuator/prometheus")
            .locallyAnyoneElse(
                    Role.READER, "GET /v3/api-docs", "GET /v3/api-docs.yaml", "GET /v3/api-docs/swagger-config")
            .only(
                    Role.READER,
                    "GET /api/v1/anomalies",
                    "GET /api/v1/anomalies/{id}",
                    "GET /api/v1/attention/graph",
                    "GET /api/v1/attention/graph.{suffix}",
                    "GET /api/v1/detectors",
                    "GET /api/v1/detectors/{name}",
                    "GET /api/v1/detectors/{name}/series",
                    "GET /api/v1/incidents",
                    "GET /api/v1/incidents/events",
                    "GET /api/v1/incidents/{id}",
                    "GET /api/v1/jobs",
                    "GET /api/v1/jobs/{id}",
                    "GET /api/v1/jobs/{id}/events",
                    "GET /api/v1/models",
                    "GET /api/v1/models/{name}",
                    "GET /api/v1/models/{name}/active",
                    "GET /api/v1/models/{name}/artifact",
                    "GET /api/v1/models/{name}/evaluation",
                    "GET /api/v1/models/{name}/graph",
                    "GET /api/v1/models/{name}/graph.{suffix}",
                    "GET /api/v1/models/{name}/plots/{plot}",
                    "GET /api/v1/models/{name}/versions",
                    "GET /api/v1/models/{name}/versions/{version}",
                    "GET /api/v1/models/{name}/versions/{version}/evaluation",
                    "GET /api/v1/receivers",
                    "GET /api/v1/receivers/{name}",
                    "GET /api/v1/series",
                    "GET /api/v1/series/{id}",
                    "GET /api/v1/series/{id}/annotations",
                    "GET /api/v1/series/{id}/annotations/{annotationId}",
                    "GET /api/v1/series/{id}/samples",
                    "GET /api/v1/silences",
                    "GET /api/v1/silences/{id}",
                    "GET /api/v1/tuning/{id}",
                    "GET /api/v1/uploads/{id}")
            .only( // what only computes
                    Role.READER,
                    "POST /api/v1/architectures",
                    "POST /api/v1/attention",
                    "POST /api/v1/models/{name}/attention",
                    "POST /api/v1/models/{name}/score",
                    "POST /api/v1/summaries")
            .only(
                    Role.WRITER,
                    "POST /api/v1/ingest/prometheus/write",
                    "POST /api/v1/ingest/firehose",
                    "POST /v1/metrics",
                    "PUT /api/v1/series/{name}",
                    "DELETE /api/v1/series/{id}",
                    "POST /api/v1/series/{id}/samples",
                    "PUT /api/v1/series/{id}/annotations",
                    "POST /api/v1/series/{id}/annotations",
                    "DELETE /api/v1/series/{id}/annotations/{annotationId}",
                    "POST /api/v1/uploads",
                    "POST /api/v1/anomalies/{id}/feedback")
            .only(
                    Role.TRAINER,
                    "POST /api/v1/models",
                    "DELETE /api/v1/models/{name}",
                    "PUT /api/v1/models/{name}/active",
                    "PUT /api/v1/models/{name}/artifact",
                    "POST /api/v1/models/{name}/versions",
                    "DELETE /api/v1/models/{name}/versions/{version}",
                    "POST /api/v1/tuning",
                    "DELETE /api/v1/jobs/{id}",
                    "PUT /api/v1/detectors/{name}",
                    "DELETE /api/v1/detectors/{name}",
                    "PUT /api/v1/receivers/{name}",
                    "DELETE /api/v1/receivers/{name}",
                    "POST /api/v1/silences",
                    "PUT /api/v1/silences/{id}",
                    "DELETE /api/v1/silences/{id}")
            .only(
                    Role.ADMIN,
                    "GET /api/v1/audit",
                    "GET /api/v1/keys",
                    "POST /api/v1/keys",
                    "GET /api/v1/keys/{id}",
                    "DELETE /api/v1/keys/{id}",
                    "GET /api/v1/backups",
                    "POST /api/v1/backups",
                    "GET /api/v1/backups/{id}",
                    "DELETE /api/v1/backups/{id}")
            .rules();

    private static final Map<String, List<Rule>> NARROWEST_FIRST = RULES.stream()
            .sorted(Comparator.comparing(Rule::path, PathPattern.SPECIFICITY_COMPARATOR))
            .collect(Collectors.groupingBy(Rule::method));

    private RouteRoles() {}

    /// Who may call one route.
    ///
    /// @param role what a caller needs; empty if nobody has to show anything
    /// @param open whether nobody has to on this machine's own addresses
    record Rule(String method, PathPattern path, Optional<Role> role, boolean open) {

        private boolean allows(Optional<Caller> caller, boolean local) {
            return role.isEmpty()
                    || (open && local)
                    || caller.filter(one -> one.may(role.get())).isPresent();
        }
    }

    private static final class Table {

        private final List<Rule> rules = new ArrayList<>();

        Table anyone(String... routes) {
            return add(Optional.empty(), true, routes);
        }

        Table locallyAnyoneElse(Role role, String... routes) {
            return add(Optional.of(role), true, routes);
        }

        Table only(Role role, String... routes) {
            return add(Optional.of(role), false, routes);
        }

        private Table add(Optional<Role> role, boolean open, String... routes) {
            for (String route : routes) {
                String[] parts = route.split(" ", 2);
                rules.add(new Rule(parts[0], PathPatternParser.defaultInstance.parse(parts[1]), role, open));
            }
            return this;
        }

        List<Rule> rules() {
            return List.copyOf(rules);
        }
    }

    static List<Rule> all() {
        return RULES;
    }

    /// Whether the caller may send this. Of the lines that fit, the one with the narrowest path counts, as it does
    /// when the route is looked for.
    ///
    /// @param local whether the service listens on this machine's own addresses only
    static boolean allow(String method, PathContainer path, Optional<Caller> caller, boolean local) {
        if (method.equals("OPTIONS")) { // who may do anything may ask what there is
            return RULES.stream().anyMatch(rule -> rule.path.matches(path) && rule.allows(caller, local));
        }
        String served = method.equals("HEAD") ? "GET" : method;
        return NARROWEST_FIRST.getOrDefault(served, List.of()).stream()
                .filter(rule -> rule.path.matches(path))
                .findFirst()
                .filter(rule -> rule.allows(caller, local))
                .isPresent();
    }

    /// The route of a path, as it stands in a line here; empty if none has it.
    static Optional<String> route(PathContainer path) {
        return RULES.stream()
                .map(Rule::path)
                .filter(route -> route.matches(path))
                .min(PathPattern.SPECIFICITY_COMPARATOR)
                .map(PathPattern::getPatternString);
    }

    /// The methods that this path has for somebody; none if no route has this path.
    static Set<String> methods(PathContainer path) {
        Set<String> methods = new TreeSet<>();
        RULES.stream().filter(rule -> rule.path.matches(path)).forEach(rule -> methods.add(rule.method));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }
}
