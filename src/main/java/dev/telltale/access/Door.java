package dev.telltale.access;

import dev.telltale.http.RequestPaths;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/// Decides of each request who sent it and whether it comes in. What it shows is looked at once.
final class Door {

    private static final String RECOGNITION = Door.class.getName();

    private final Gate gate;
    private final Credentials credentials;

    Door(Gate gate, Credentials credentials) {
        this.gate = gate;
        this.credentials = credentials;
    }

    Recognition recognise(HttpServletRequest request) {
        if (request.getAttribute(RECOGNITION) instanceof Recognition known) {
            return known;
        }
        Recognition recognition = gate.isOpen() ? new Recognition.Nobody() : credentials.recognise(request);
        request.setAttribute(RECOGNITION, recognition);
        return recognition;
    }

    boolean lets(HttpServletRequest request) {
        return gate.isOpen()
                || RouteRoles.allow(
                        request.getMethod(),
                        RequestPaths.of(request),
                        recognise(request) instanceof Recognition.Known(Caller known)
                                ? Optional.of(known)
                                : Optional.empty(),
                        gate.isLocal());
    }

    /// Whether the answer will be 401 for what the request shows. Something wrong that is shown where nothing is
    /// asked for is not.
    boolean refusesWhatIsShown(HttpServletRequest request) {
        return gate.isOpen()
                ? credentials.showWrongOneOfARoute(request)
                : recognise(request) instanceof Recognition.Stranger && !lets(request);
    }
}
