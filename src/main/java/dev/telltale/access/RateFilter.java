package dev.telltale.access;

import dev.telltale.http.PushRoutes;
import dev.telltale.problem.Problem;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/// Lets each caller ask for its share and refuses the rest before any of it is worked on. Answers say how much of
/// the share is left (draft-ietf-httpapi-ratelimit-headers-10). Health is answered to everybody.
final class RateFilter extends OncePerRequestFilter {

    static final String POLICY = "RateLimit-Policy";
    static final String LEFT = "RateLimit";

    private static final String HEALTH = "/actuator/health";
    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final Buckets buckets;
    private final Audit audit;
    private final HandlerExceptionResolver problems;
    private final String policy;

    RateFilter(Buckets buckets, Audit audit, HandlerExceptionResolver problems) {
        this.buckets = buckets;
        this.audit = audit;
        this.problems = problems;
        this.policy = "\"default\";q=" + buckets.rate().burst() + ";w="
                + buckets.rate().untilFull().toSeconds();
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().startsWith(HEALTH);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Peer peer = Peer.of(request);
        ConsumptionProbe probe = buckets.of(peer.counted()).tryConsumeAndReturnRemaining(1);
        response.setHeader(POLICY, policy);
        response.setHeader(
                LEFT, "\"default\";r=" + probe.getRemainingTokens() + ";t=" + seconds(probe.getNanosToWaitForReset()));
        if (probe.isConsumed()) {
            chain.doFilter(request, response);
            return;
        }
        Duration wait = Duration.ofSeconds(Math.max(1, seconds(probe.getNanosToWaitForRefill())));
        problems.resolveException(request, response, null, refusal(request, wait));
        audit.limited(request, response.getStatus());
        response.flushBuffer(); // before the container waits for the body that nobody wants
    }

    private Problem refusal(HttpServletRequest request, Duration wait) {
        RateProblem problem = PushRoutes.contain(request.getRequestURI())
                ? RateProblem.TOO_MANY_PUSHES
                : RateProblem.TOO_MANY_REQUESTS;
        return problem.because(
                        "%d requests per second are taken from each caller, and %d at once; send fewer, or raise"
                                + " telltale.access.rate.requests",
                        buckets.rate().perSecond(), buckets.rate().burst())
                .retryAfter(wait);
    }

    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, NANOS_PER_SECOND);
    }
}
