package dev.telltale.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.web.filter.OncePerRequestFilter;

/// Gives each request an id, which its answer carries as `X-Request-Id` and each line that is logged for it too: the
/// caller's own where it sends a plain one, else a new one.
public final class RequestIds extends OncePerRequestFilter {

    public static final String HEADER = "X-Request-Id";

    /// Under which the id stands in what is logged.
    private static final String LOGGED = "requestId";

    /// What cannot break a line of a log, whoever reads it.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /// What the ids of one process begin with. They must be unlike all others and may be guessed, so that each need not
    /// be drawn from a source of randomness for secrets.
    private static final UUID OF_THIS_PROCESS = UUID.randomUUID();

    private static final AtomicLong NEXT = new AtomicLong(OF_THIS_PROCESS.getLeastSignificantBits());
    private static final long COUNTED = -1L >>> 2;
    private static final long VARIANT = 1L << 63; // of RFC 9562

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String id = of(request.getHeader(HEADER));
        response.setHeader(HEADER, id);
        MDC.put(LOGGED, id);
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove(LOGGED);
        }
    }

    /// The id of the request that this thread works on, if it does.
    public static Optional<String> current() {
        return Optional.ofNullable(MDC.get(LOGGED));
    }

    /// The id of a request whose header is this, or null.
    static String of(@Nullable String header) {
        return Optional.ofNullable(header)
                .filter(id -> PLAIN.matcher(id).matches())
                .orElseGet(RequestIds::next);
    }

    private static String next() {
        return new UUID(OF_THIS_PROCESS.getMostSignificantBits(), VARIANT | (NEXT.getAndIncrement() & COUNTED))
                .toString();
    }
}
