package dev.telltale.http;

/// The routes to which monitoring systems push. They drop what is answered with another failure than 503 or 5xx, and
/// send again what is answered with 503 and `Retry-After`.
public final class PushRoutes {

    private PushRoutes() {}

    /// Whether a path is one of them.
    public static boolean contain(String path) {
        return path.startsWith("/api/v1/ingest/") || path.equals("/v1/metrics");
    }
}
