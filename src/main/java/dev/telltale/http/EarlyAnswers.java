package dev.telltale.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.servlet.HandlerExceptionResolver;

/// Answers requests that a filter refuses before any route sees them, as every failure is answered. What is left of
/// their bodies is waited for with the patience that there is for all bodies, and not for ever.
public final class EarlyAnswers {

    private final SlowCallers slowCallers;
    private final Gates gates;
    private final Drain drain;
    private final HandlerExceptionResolver problems;

    EarlyAnswers(SlowCallers slowCallers, Gates gates, Drain drain, HandlerExceptionResolver problems) {
        this.slowCallers = slowCallers;
        this.gates = gates;
        this.drain = drain;
        this.problems = problems;
    }

    /// Answers for good: the caller hears it before the container waits for a body that nobody wants.
    public void give(HttpServletRequest request, HttpServletResponse response, Exception failure) throws IOException {
        if (Transfer.of(request).isEmpty()) {
            // The valve around all filters ends it.
            slowCallers
                    .begin(
                            request.getServletConnection().getConnectionId(),
                            gates.always().enter().orElseThrow())
                    .attachTo(request);
        }
        drain.tell(response);
        problems.resolveException(request, response, null, failure);
        response.flushBuffer();
    }
}
