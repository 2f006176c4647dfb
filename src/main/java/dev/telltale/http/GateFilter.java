package dev.telltale.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets requests in as there is room for work of their kind, and refuses the others at once.
final class GateFilter extends OncePerRequestFilter {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Gates gates;
    private final SlowCallers slowCallers;
    private final Drain drain;
    private final HttpMeters meters;
    private final EarlyAnswers answers;

    GateFilter(Gates gates, SlowCallers slowCallers, Drain drain, HttpMeters meters, EarlyAnswers answers) {
        this.gates = gates;
        this.slowCallers = slowCallers;
        this.drain = drain;
        this.meters = meters;
        this.answers = answers;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        drain.tell(response);
        Optional<Work> work = Work.of(request);
        Optional<Gate.Place> place = gates.of(work).enter();
        Gate.Place mine = place.or(gates.always()::enter).orElseThrow();
        try (mine) {
            // The valve around all filters ends it.
            Transfer transfer = slowCallers.begin(request.getServletConnection().getConnectionId(), mine);
            transfer.attachTo(request);
            GatePlace.begin(mine);
            if (place.isEmpty()) {
                refuse(work.orElseThrow(), request, response);
            } else {
                chain.doFilter(
                        new TransferredRequest(request, response, transfer),
                        new TransferredResponse(response, transfer));
            }
        } finally {
            GatePlace.clear();
        }
    }

    private void refuse(Work work, HttpServletRequest request, HttpServletResponse response) throws IOException {
        meters.refused(work);
        answers.give(
                request,
                response,
                HttpProblem.TOO_BUSY
                        .because("as many requests of this kind are worked on and wait as may; send it again")
                        .retryAfter(RETRY_AFTER));
    }
}
