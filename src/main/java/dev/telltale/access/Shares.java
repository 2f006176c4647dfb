package dev.telltale.access;

import dev.telltale.http.PushRoutes;
import dev.telltale.problem.Problem;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;

/// How many requests each caller may send, those that are refused among them. Answers say how many are left
/// (draft-ietf-httpapi-ratelimit-headers-10).
final class Shares {

    static final String POLICY = "RateLimit-Policy";
    static final String LEFT = "RateLimit";

    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final Buckets buckets;
    private final String policy;

    Shares(Buckets buckets) {
        this.buckets = buckets;
        this.policy = "\"default\";q=" + buckets.rate().burst() + ";w="
                + buckets.rate().untilFull().toSeconds();
    }

    /// Takes one request from what its caller has left, and says in the head of its answer how many remain.
    ///
    /// @return why it is refused, if nothing was left
    Optional<Problem> take(HttpServletRequest request, HttpServletResponse response) {
        if (!buckets.rate().limits()) {
            return Optional.empty();
        }
        ConsumptionProbe probe = buckets.of(Peer.of(request).counted()).tryConsumeAndReturnRemaining(1);
        response.setHeader(POLICY, policy);
        response.setHeader(
                LEFT, "\"default\";r=" + probe.getRemainingTokens() + ";t=" + seconds(probe.getNanosToWaitForReset()));
        return probe.isConsumed() ? Optional.empty() : Optional.of(refusal(request, probe));
    }

    private Problem refusal(HttpServletRequest request, ConsumptionProbe probe) {
        RateProblem problem = PushRoutes.contain(request.getRequestURI())
                ? RateProblem.TOO_MANY_PUSHES
                : RateProblem.TOO_MANY_REQUESTS;
        return problem.because(
                        "%d requests per second are taken from each caller, and %d at once; send fewer, or raise"
                                + " telltale.access.rate.requests",
                        buckets.rate().perSecond(), buckets.rate().burst())
                .retryAfter(Duration.ofSeconds(Math.max(1, seconds(probe.getNanosToWaitForRefill()))));
    }

    /// So many, rounded up.
    static long seconds(long nanos) {
        return Math.ceilDiv(nanos, NANOS_PER_SECOND);
    }
}
