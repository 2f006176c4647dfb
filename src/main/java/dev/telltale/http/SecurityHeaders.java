package dev.telltale.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Sets the headers that every answer carries before anything else can answer.
final class SecurityHeaders extends OncePerRequestFilter {

    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";
    private static final String PAGES =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; " + "img-src 'self' data:; frame-ancestors 'none'";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        apply(request.getRequestURI(), request.isSecure(), response);
        chain.doFilter(request, response);
    }

    /// @param isSecure whether the caller reached this service itself over TLS
    static void apply(String path, boolean isSecure, HttpServletResponse response) {
        boolean page = path.equals("/") || path.startsWith("/swagger-ui");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Content-Security-Policy", page ? PAGES : NOTHING);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (isSecure) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }
}
