package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Walks every route without a key and with a key of each role, and holds what is answered beside a second
/// table, written here in another way than the one of the service.
class RouteRolesIT {

    @TempDir
    private static Path data;

    private static RunningService service;
    private static final Map<Role, String> KEYS = new EnumMap<>(Role.class);

    /// Routes that no document lists.
    private static final List<String> OTHERS = List.of(
            "GET /",
            "GET /swagger-ui.html",
            "GET /swagger-ui/{*file}",
            "GET /v3/api-docs",
            "GET /v3/api-docs.yaml",
            "GET /v3/api-docs/swagger-config",
            "GET /actuator/health",
            "GET /actuator/health/{*part}",
            "GET /actuator/health/liveness",
            "GET /actuator/health/readiness",
            "GET /actuator/info",
            "GET /actuator/prometheus");

    @BeforeAll
    static void start() throws IOException {
        service = new RunningService(data);
        for (Role role : Role.values()) {
            Keys.Made made = service.bean(Keys.class).create(role.word(), Set.of(role), null, "test");
            KEYS.put(role, "Authorization: Bearer " + made.text().written());
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void everyRouteHasItsLineAndEveryLineItsRoute() throws IOException, InterruptedException {
        Set<String> lines = RouteRoles.all().stream()
                .map(rule -> rule.method() + " " + rule.path().getPatternString())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(lines).hasSameSizeAs(RouteRoles.all()).isEqualTo(new TreeSet<>(routes()));
    }

    @Test
    void everyRouteIsOpenToItsRolesAndToNobodyElse() throws IOException, InterruptedException {
        SoftAssertions cells = new SoftAssertions();
        int asked = 0;
        for (String route : routes()) {
            String[] parts = route.split(" ", 2);
            String path = parts[1].replace("graph.{suffix}", "graph.dot")
                    .replace("{*file}", "index.html")
                    .replaceAll("\\{\\*?\\w+}", "1");
            Optional<Role> least = least(parts[0], parts[1]);
            RunningService.Answer nobody = service.answer(parts[0], path);
            cells.assertThat(nobody.status() == 401)
                    .as("%s without a key: %s", route, nobody)
                    .isEqualTo(least.isPresent());
            asked++;
            for (Role role : Role.values()) {
                RunningService.Answer answer = service.answer(parts[0], path, key(role));
                boolean may = least.isEmpty() || includes(role, least.get());
                cells.assertThat(answer.status() == 403)
                        .as("%s with %s: %s", route, role, answer)
                        .isEqualTo(!may);
                cells.assertThat(answer.status())
                        .as("%s with %s: %s", route, role, answer)
                        .isNotIn(401, 405, 500);
                if (may && !path.equals("/actuator/health/1")) {
                    cells.assertThat(answer.body())
                            .as("%s with %s is no route", route, role)
                            .doesNotContain("/problems/not-found");
                }
                asked++;
            }
        }
        cells.assertAll();
        assertThat(asked).isGreaterThan(80 * 6);
    }

    @Test
    void whereNothingIsStrangersAreToldNothingAndOthersThatNothingIsThere() throws IOException, InterruptedException {
        for (String path : List.of(
                "/api",
                "/api/v1",
                "/api/v1/",
                "/api/v2/series",
                "/api/v1/series/",
                "/api/v1/keys/1/secret",
                "/error",
                "/actuator",
                "/actuator/env",
                "/API/v1/series",
                "/favicon.ico",
                "/.git/config",
                "/index.html")) {
            assertThat(service.answer("GET", path).status()).as(path).isEqualTo(401);
            for (Role role : Role.values()) {
                RunningService.Answer answer = service.answer("GET", path, key(role));
                assertThat(answer.status()).as(path + " with " + role).isEqualTo(404);
                assertThat(answer.body()).contains("/problems/not-found");
            }
        }
    }

    @Test
    void anotherMethodIsRefusedWithThoseThatAreServed() throws IOException, InterruptedException {
        assertThat(service.answer("PATCH", "/api/v1/series").status()).isEqualTo(401);
        assertThat(service.send("PATCH", "/api/v1/series", "", key(Role.READER)))
                .matches(answer -> answer.statusCode() == 405)
                .extracting(answer -> answer.headers().firstValue("Allow").orElse(""))
                .isEqualTo("GET, HEAD");
        assertThat(service.answer("BREW", "/api/v1/series/1", key(Role.ADMIN)).status())
                .isEqualTo(405);
    }

    @Test
    void whoMayReadMayAskForTheHeadAndWhoMayDoAnythingForTheMethods() throws IOException, InterruptedException {
        assertThat(service.answer("HEAD", "/api/v1/series").status()).isEqualTo(401);
        assertThat(service.answer("HEAD", "/api/v1/series", key(Role.READER)).status())
                .isEqualTo(200);
        assertThat(service.answer("HEAD", "/api/v1/keys", key(Role.TRAINER)).status())
                .isEqualTo(403);
        assertThat(service.answer("OPTIONS", "/api/v1/uploads").status()).isEqualTo(401);
        assertThat(service.answer("OPTIONS", "/api/v1/uploads", key(Role.READER))
                        .status())
                .isEqualTo(403);
        assertThat(service.answer("OPTIONS", "/api/v1/uploads", key(Role.WRITER))
                        .status())
                .isEqualTo(200);
    }

    private static String key(Role role) {
        return Objects.requireNonNull(KEYS.get(role));
    }

    /// Routes as `METHOD /path`: those of the document and the others.
    private static List<String> routes() throws IOException, InterruptedException {
        List<String> routes = new ArrayList<>(OTHERS);
        new JsonMapper()
                .readTree(service.get("/v3/api-docs").body())
                .get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> routes.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertThat(routes.size()).isGreaterThan(80);
        return routes;
    }

    /// The role that a caller needs while the service listens on this machine only; none if nobody needs one.
    private static Optional<Role> least(String method, String path) {
        if (!path.startsWith("/api/") && !path.startsWith("/v1/")) {
            return Optional.empty();
        }
        if (path.matches("/api/v1/(keys|backups|audit)(/.*)?")) {
            return Optional.of(Role.ADMIN);
        }
        if (method.equals("GET")
                || path.matches("/api/v1/(attention|architectures|summaries|models/.*/(attention|score))")) {
            return Optional.of(Role.READER);
        }
        return Optional.of(
                path.matches("/v1/metrics|/api/v1/(ingest|series|uploads|anomalies)(/.*)?")
                        ? Role.WRITER
                        : Role.TRAINER);
    }

    private static boolean includes(Role role, Role needed) {
        return role == needed
                || role == Role.ADMIN
                || (needed == Role.READER && Set.of(Role.WRITER, Role.TRAINER).contains(role));
    }
}
