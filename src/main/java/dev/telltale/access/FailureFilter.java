package dev.telltale.access;

import dev.telltale.http.EarlyAnswers;
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
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses who shows one wrong credential after the other, counted by address. What is right passes from the same
/// address too, from behind the same proxy for one: looking costs little, and what is wrong of long keys and signed
/// tokens tells nothing. Requests that show nothing count for nothing here.
final class FailureFilter extends OncePerRequestFilter {

    private final Buckets buckets;
    private final Door door;
    private final Audit audit;
    private final EarlyAnswers answers;

    FailureFilter(Buckets buckets, Door door, Audit audit, EarlyAnswers answers) {
        this.buckets = buckets;
        this.door = door;
        this.audit = audit;
        this.answers = answers;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !Presented.by(request).isAny() || !door.refusesWhatIsShown(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Peer peer = new Peer(Optional.empty(), request.getRemoteAddr());
        EstimationProbe left = buckets.find(peer.place())
                .map(bucket -> bucket.estimateAbilityToConsume(1))
                .orElseGet(() -> EstimationProbe.canBeConsumed(1));
        if (!left.canBeConsumed()) {
            answers.give(request, response, refusal(request, left));
            audit.limitedFailures(request, response.getStatus());
            return;
        }
        chain.doFilter(request, response);
        if (response.getStatus() == HttpServletResponse.SC_UNAUTHORIZED) {
            Bucket bucket = buckets.of(peer.place());
            bucket.tryConsume(1);
        }
    }

    private static Problem refusal(HttpServletRequest request, EstimationProbe left) {
        RateProblem problem = PushRoutes.contain(request.getRequestURI())
                ? RateProblem.TOO_MANY_FAILED_PUSHES
                : RateProblem.TOO_MANY_FAILURES;
        long seconds = Math.max(1, Shares.seconds(left.getNanosToWaitForRefill()));
        return problem.because(
                        "what this address shows was wrong too often; wrong ones are refused for %d s, right ones are not",
                        seconds)
                .retryAfter(Duration.ofSeconds(seconds));
    }
}
