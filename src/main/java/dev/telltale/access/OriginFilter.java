package dev.telltale.access;

import dev.telltale.http.PublicUrl;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/// Refuses what the page of another site makes a browser send: a form that uploads to a service without keys on the
/// same machine, or one that the browser adds a remembered password to. Browsers say in `Origin` whose page sends;
/// programs send no such header.
final class OriginFilter extends OncePerRequestFilter {

    private static final Set<String> CHANGE_NOTHING = Set.of("GET", "HEAD", "OPTIONS");

    private final PublicUrl publicUrl;
    private final HandlerExceptionResolver problems;

    OriginFilter(PublicUrl publicUrl, HandlerExceptionResolver problems) {
        this.publicUrl = publicUrl;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null || CHANGE_NOTHING.contains(request.getMethod()) || isOurs(origin, request)) {
            chain.doFilter(request, response);
            return;
        }
        problems.resolveException(
                request,
                response,
                null,
                AccessProblem.FORBIDDEN.because(
                        "the page of another site may not send this; a proxy must pass on `Host`,"
                                + " or telltale.public-url say where pages of this service are"));
        response.flushBuffer(); // before the container waits for the body that nobody wants
    }

    private boolean isOurs(String origin, HttpServletRequest request) {
        @Nullable String host = host(origin);
        return host != null
                && (host.equalsIgnoreCase(request.getHeader(HttpHeaders.HOST))
                        || host.equalsIgnoreCase(Objects.requireNonNullElse(host(publicUrl.text()), "")));
    }

    /// Name and port, as they stand in `Host`; null if there are none, as in the origin `null`.
    private static @Nullable String host(String url) {
        try {
            return URI.create(url).getRawAuthority();
        } catch (IllegalArgumentException noUrl) {
            return null;
        }
    }
}
