package dev.telltale.http;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.web.util.ServletRequestPathUtils;

/// The path of a request, taken apart once for all that look at it.
public final class RequestPaths {

    private RequestPaths() {}

    /// Within the application, as patterns are matched with it. A request that was sent on to another path has that
    /// one.
    public static PathContainer of(HttpServletRequest request) {
        if (ServletRequestPathUtils.hasParsedRequestPath(request)) {
            RequestPath known = ServletRequestPathUtils.getParsedRequestPath(request);
            if (known.value().equals(request.getRequestURI())) {
                return known.pathWithinApplication();
            }
        }
        return ServletRequestPathUtils.parseAndCache(request).pathWithinApplication();
    }
}
