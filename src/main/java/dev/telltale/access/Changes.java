package dev.telltale.access;

import dev.telltale.http.PushRoutes;
import dev.telltale.http.RequestPaths;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/// Which requests change something that the log of changes tells of. All that are not known to be harmless: a route
/// that nobody thought of here is told of.
final class Changes {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    /// What a POST to these does is bring samples or compute.
    private static final List<PathPattern> POSTS = patterns(
            "/api/v1/series/{id}/samples",
            "/api/v1/uploads",
            "/api/v1/summaries",
            "/api/v1/architectures",
            "/api/v1/attention",
            "/api/v1/models/{name}/attention",
            "/api/v1/models/{name}/score");

    private Changes() {}

    static boolean isOne(HttpServletRequest request) {
        if (SAFE.contains(request.getMethod()) || PushRoutes.contain(request.getRequestURI())) {
            return false;
        }
        PathContainer path = RequestPaths.of(request);
        return !request.getMethod().equals("POST") || POSTS.stream().noneMatch(route -> route.matches(path));
    }

    private static List<PathPattern> patterns(String... routes) {
        return Stream.of(routes).map(PathPatternParser.defaultInstance::parse).toList();
    }
}
