package dev.telltale.access;

import dev.telltale.http.PushRoutes;
import dev.telltale.problem.Problem;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.EstimationProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/// Refuses who tries one wrong credential after the other, before the next is looked at.
///
/// Failures are counted by address; those with the id of a key that exists by address and id. So who guesses is
/// refused, while whoever has a key passes from the same address too, behind the same proxy for one: unless the
/// other knows the id of that very key. Requests without credentials, and those that succeed, count for nothing.
final class FailureFilter extends OncePerRequestFilter {

    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final Buckets buckets;
    private final Predicate<String> knownId;
    private final Audit audit;
    private final HandlerExceptionResolver problems;

    /// @param knownId whether a key of this id exists
    FailureFilter(Buckets buckets, Predicate<String> knownId, Audit audit, HandlerExceptionResolver problems) {
        this.buckets = buckets;
        this.knownId = knownId;
        this.audit = audit;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !Presented.by(request).isAny();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Peer peer = new Peer(Optional.empty(), request.getRemoteAddr()); // nobody has looked at the credentials
        String counted = peer.place()
                + Presented.by(request)
                        .keyId()
                        .filter(knownId)
                        .map(id -> " " + id)
                        .orElse("");
        EstimationProbe left = buckets.find(counted)
                .map(bucket -> bucket.estimateAbilityToConsume(1))
                .orElseGet(() -> EstimationProbe.canBeConsumed(1));
        if (!left.canBeConsumed()) {
            problems.resolveException(request, response, null, refusal(request, left));
            audit.limitedFailures(request, response.getStatus());
            response.flushBuffer(); // before the container waits for the body that nobody wants
            return;
        }
        chain.doFilter(request, response);
        if (response.getStatus() == HttpServletResponse.SC_UNAUTHORIZED) {
            Bucket bucket = buckets.of(counted);
            bucket.tryConsume(1);
        }
    }

    private static Problem refusal(HttpServletRequest request, EstimationProbe left) {
        RateProblem problem = PushRoutes.contain(request.getRequestURI())
                ? RateProblem.TOO_MANY_FAILED_PUSHES
                : RateProblem.TOO_MANY_FAILURES;
        long seconds = Math.max(1, Math.ceilDiv(left.getNanosToWaitForRefill(), NANOS_PER_SECOND));
        return problem.because("these credentials were not looked at; use right ones, in %d s", seconds)
                .retryAfter(Duration.ofSeconds(seconds));
    }
}
