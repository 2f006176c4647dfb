package dev.telltale.http;

import jakarta.servlet.http.HttpServletRequest;

/// Sees to the bodies of requests that are refused before anybody would read them: what is left of one is waited for
/// with the patience that there is for all bodies, and not for ever.
public final class RefusedBodies {

    private final SlowCallers slowCallers;
    private final Gates gates;

    RefusedBodies(SlowCallers slowCallers, Gates gates) {
        this.slowCallers = slowCallers;
        this.gates = gates;
    }

    /// Takes note of a request that is about to be refused.
    public void expect(HttpServletRequest request) {
        if (Transfer.of(request).isEmpty()) {
            // The valve around all filters ends it.
            slowCallers
                    .begin(
                            request.getServletConnection().getConnectionId(),
                            gates.always().enter().orElseThrow())
                    .attachTo(request);
        }
    }
}
