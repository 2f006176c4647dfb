package dev.telltale.http;

import java.util.Optional;
import org.springframework.http.server.PathContainer;

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
        if (hasBody && BodyLimitFilter.isUpload(path)) {
            return Optional.of(UPLOAD);
        }
        boolean scores = text.endsWith("/score") || text.endsWith("/attention") || text.contains("/plots/");
        return Optional.of(scores ? SCORING : OTHER);
    }
}
