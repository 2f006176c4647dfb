package dev.telltale.access;

import dev.telltale.http.RefusedBodies;
import dev.telltale.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/// Lets each caller ask for its share and refuses the rest before any of it is worked on. Health is answered to
/// whoever may ask for it. `Refusals` sees to requests that do not come this far.
final class RateFilter extends OncePerRequestFilter {

    private static final String HEALTH = "/actuator/health";

    private final Shares shares;
    private final Audit audit;
    private final RefusedBodies bodies;
    private final HandlerExceptionResolver problems;

    RateFilter(Shares shares, Audit audit, RefusedBodies bodies, HandlerExceptionResolver problems) {
        this.shares = shares;
        this.audit = audit;
        this.bodies = bodies;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().startsWith(HEALTH);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Problem> refusal = shares.take(request, response);
        if (refusal.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        bodies.expect(request);
        problems.resolveException(request, response, null, refusal.get());
        audit.limited(request, response.getStatus());
        response.flushBuffer(); // before the container waits for the body that nobody wants
    }
}
