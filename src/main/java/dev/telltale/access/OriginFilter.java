package dev.telltale.access;

import dev.telltale.http.PublicUrl;
import dev.telltale.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses what the page of another site makes a browser send: a form that uploads to a service without keys on the
/// same machine, or one that the browser adds a remembered password to. Browsers say in `Origin` whose page sends;
/// programs send no such header.
///
/// The other site may also give its own name the address of this machine, so that its page and the service look like
/// one site (DNS rebinding). Where nobody has to show who they are, a request must therefore name this machine or
/// `telltale.public-url` in `Host`.
final class OriginFilter extends OncePerRequestFilter {

    private static final Set<String> CHANGE_NOTHING = Set.of("GET", "HEAD", "OPTIONS");
    private static final String THIS_MACHINE = "localhost";

    private final Gate gate;
    private final Optional<URI> publicUrl;
    private final Refusals refusals;

    /// @param publicUrl empty if the settings do not say it
    OriginFilter(Gate gate, Optional<PublicUrl> publicUrl, Refusals refusals) {
        this.gate = gate;
        this.publicUrl = publicUrl.map(url -> URI.create(url.text()));
        this.refusals = refusals;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Problem> refusal = refusal(request);
        if (refusal.isPresent()) {
            refusals.foreign(request, response, refusal.get());
        } else {
            chain.doFilter(request, response);
        }
    }

    private Optional<Problem> refusal(HttpServletRequest request) {
        Optional<String> host = Optional.ofNullable(request.getHeader(HttpHeaders.HOST));
        if (gate.isOpen() && !host.map(this::isOurs).orElse(true)) { // browsers always say it
            return Optional.of(AccessProblem.FORBIDDEN.because(
                    "while there are no keys, `Host` must be localhost, an address of this machine or that of"
                            + " telltale.public-url"));
        }
        Optional<String> origin = Optional.ofNullable(request.getHeader(HttpHeaders.ORIGIN));
        if (origin.isEmpty() || CHANGE_NOTHING.contains(request.getMethod()) || isSameSite(origin.get(), host)) {
            return Optional.empty();
        }
        return Optional.of(AccessProblem.FORBIDDEN.because(
                "the page of another site may not send this; a proxy must pass on `Host`,"
                        + " or telltale.public-url say where pages of this service are"));
    }

    private boolean isSameSite(String origin, Optional<String> host) {
        Optional<String> from = url(origin).map(URI::getRawAuthority);
        return from.isPresent()
                && (from.get().equalsIgnoreCase(host.orElse(""))
                        || from.get()
                                .equalsIgnoreCase(
                                        publicUrl.map(URI::getRawAuthority).orElse("")));
    }

    /// Whether a `Host` names this machine.
    private boolean isOurs(String host) {
        String name = url("http://" + host).map(URI::getHost).orElse("");
        return name.equalsIgnoreCase(THIS_MACHINE)
                || isLoopback(name)
                || name.equalsIgnoreCase(publicUrl.map(URI::getHost).orElse(THIS_MACHINE));
    }

    private static boolean isLoopback(String name) {
        try {
            return InetAddress.ofLiteral(name).isLoopbackAddress();
        } catch (IllegalArgumentException aName) { // which is never looked up: its owner would say what it is
            return false;
        }
    }

    /// Empty of what is none, such as the origin `null`.
    private static Optional<URI> url(String text) {
        try {
            return Optional.of(URI.create(text));
        } catch (IllegalArgumentException noUrl) {
            return Optional.empty();
        }
    }
}
