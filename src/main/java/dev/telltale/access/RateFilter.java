package dev.telltale.access;

import dev.telltale.http.EarlyAnswers;
import dev.telltale.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets each caller ask for its share and refuses the rest before any of it is worked on. Health is answered to
/// whoever may ask for it. `Refusals` sees to requests that do not come this far.
final class RateFilter extends OncePerRequestFilter {

    private static final String HEALTH = "/actuator/health";

    private final Shares shares;
    private final Audit audit;
    private final EarlyAnswers answers;

    RateFilter(Shares shares, Audit audit, EarlyAnswers answers) {
        this.shares = shares;
        this.audit = audit;
        this.answers = answers;
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
        answers.give(request, response, refusal.get());
        audit.limited(request, response.getStatus());
    }
}
