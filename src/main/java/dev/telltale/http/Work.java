package dev.telltale.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/// What kind of work a request is. Each kind has places of its own, so that one that is asked for too often does not
/// hold up the others.
enum Work {
    /// Scores, attention and plots, which keep a core busy.
    SCORING,
    /// What monitoring systems push, which waits for the disk.
    PUSH,
    /// Streamed bodies, up to a gigabyte each.
    UPLOAD,
    /// All else.
    OTHER;

    /// The routes that read their body as a stream, however long it is.
    private static final List<PathPattern> UPLOADS = Stream.of(
                    "/api/v1/series/{id}/samples",
                    "/api/v1/uploads",
                    "/api/v1/summaries",
                    "/api/v1/models/{name}/artifact")
            .map(PathPatternParser.defaultInstance::parse)
            .toList();

    private static final String ATTRIBUTE = Work.class.getName();

    /// The kind of a request, looked for once.
    static Optional<Work> of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Optional<?> known) {
            return known.map(Work.class::cast);
        }
        Optional<Work> work = of(request.getMethod(), RequestPaths.of(request));
        request.setAttribute(ATTRIBUTE, work);
        return work;
    }

    /// The kind of a request; none for health, meters and what the document of the API is shown with: these answer
    /// however much there is to do.
    static Optional<Work> of(String method, PathContainer path) {
        String text = path.value();
        if (PushRoutes.contain(text)) {
            return Optional.of(PUSH);
        }
        if (!text.startsWith("/api/")) {
            return Optional.empty();
        }
        boolean hasBody = method.equals("POST") || method.equals("PUT");
        if (hasBody && UPLOADS.stream().anyMatch(route -> route.matches(path))) {
            return Optional.of(UPLOAD);
        }
        boolean scores = text.endsWith("/score") || text.endsWith("/attention") || text.contains("/plots/");
        return Optional.of(scores ? SCORING : OTHER);
    }
}
