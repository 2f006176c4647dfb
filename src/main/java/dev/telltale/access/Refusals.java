package dev.telltale.access;

import dev.telltale.http.EarlyAnswers;
import dev.telltale.http.RequestPaths;
import dev.telltale.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/// Answers requests that may not go on, as every failure is answered: with a problem document, or in the form
/// of the protocol that the route speaks. Refused requests count as others do: who sends too many hears that instead.
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {

    private static final List<String> CHALLENGES =
            List.of("Bearer realm=\"telltale\"", "Basic realm=\"telltale\", charset=\"UTF-8\"");

    private final Door door;
    private final Shares shares;
    private final AccessEvents events;
    private final EarlyAnswers answers;

    Refusals(Door door, Shares shares, AccessEvents events, EarlyAnswers answers) {
        this.door = door;
        this.shares = shares;
        this.events = events;
        this.answers = answers;
    }

    /// For who shows nothing that is valid. What was wrong with it is not told, nor whether a part was right.
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException ignored)
            throws IOException {
        if (sendsTooMany(request, response)) {
            return;
        }
        Recognition recognition = door.recognise(request);
        if (recognition instanceof Recognition.Undecided(Problem problem)) {
            answers.give(request, response, problem);
            return;
        }
        boolean showed = recognition instanceof Recognition.Stranger;
        events.unauthenticated(request, showed);
        CHALLENGES.forEach(challenge -> response.addHeader(HttpHeaders.WWW_AUTHENTICATE, challenge));
        answers.give(
                request,
                response,
                AccessProblem.UNAUTHORIZED.because(
                        "%s",
                        showed
                                ? "what the request shows is not valid here, or no longer"
                                : "send a key or a token: Authorization: Bearer tt_…, or the key as the password of Basic"));
    }

    /// For a known caller. Where nothing is, or not by this method, the caller is told so.
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException ignored)
            throws IOException {
        if (sendsTooMany(request, response)) {
            return;
        }
        Set<String> methods = RouteRoles.methods(RequestPaths.of(request));
        if (methods.isEmpty()) {
            String path = request.getRequestURI();
            answers.give(
                    request,
                    response,
                    new NoResourceFoundException(HttpMethod.valueOf(request.getMethod()), path, path));
        } else if (!methods.contains(request.getMethod())
                && !request.getMethod().equals("OPTIONS")) {
            answers.give(request, response, new HttpRequestMethodNotSupportedException(request.getMethod(), methods));
        } else {
            events.forbidden(request);
            answers.give(
                    request,
                    response,
                    AccessProblem.FORBIDDEN.because("the roles of %s do not cover this", request.getRemoteUser()));
        }
    }

    /// For an address that could be read in two ways.
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, RequestRejectedException ignored)
            throws IOException {
        if (sendsTooMany(request, response)) {
            return;
        }
        events.badAddress(request);
        answers.give(
                request,
                response,
                AccessProblem.BAD_ADDRESS.because(
                        "a path here holds no ';', '//', '..', '\\' nor codes of '/', '%%', letters, digits, '-', '.' or"
                                + " '_'"));
    }

    /// For the page of another site.
    void foreign(HttpServletRequest request, HttpServletResponse response, Problem why) throws IOException {
        if (!sendsTooMany(request, response)) {
            events.forbidden(request);
            answers.give(request, response, why);
        }
    }

    private boolean sendsTooMany(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Problem> tooMany = shares.take(request, response);
        if (tooMany.isPresent()) {
            answers.give(request, response, tooMany.get());
            events.limited(request, response.getStatus());
        }
        return tooMany.isPresent();
    }
}
