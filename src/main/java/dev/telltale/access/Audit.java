package dev.telltale.access;

import dev.telltale.access.AuditEvent.Kind;
import dev.telltale.http.RequestIds;
import dev.telltale.http.RequestPaths;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.HandlerMapping;

/// Tells the log what became of requests.
public final class Audit {

    private static final int FIRST_REFUSAL = 400;
    private static final String PAGES = "/**"; // where only pages are looked for
    private static final String SERVICE = "telltale";

    private final AuditLog log;
    private final RefusalAudit refusals;
    private final InstantSource clock;
    private final AccessMeters meters;

    Audit(AuditLog log, RefusalAudit refusals, InstantSource clock, AccessMeters meters) {
        this.log = log;
        this.refusals = refusals;
        this.clock = clock;
        this.meters = meters;
    }

    /// Lets a change begin.
    ///
    /// @throws dev.telltale.problem.Problem if it could not be told of
    void require() {
        log.require();
    }

    /// A change is about to be answered with this status. Returns when it is on disk, unless nothing was changed.
    ///
    /// @throws dev.telltale.problem.Problem if it is not on disk
    void changed(HttpServletRequest request, HttpServletResponse response, int status) {
        if (!(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String pattern)
                || pattern.equals(PAGES)) {
            return; // nothing is there, or not by this method
        }
        String action = request.getMethod() + " " + pattern;
        String object = Optional.ofNullable(response.getHeader(HttpHeaders.LOCATION))
                .filter(made -> status < FIRST_REFUSAL && request.getMethod().equals("POST"))
                .orElse(request.getRequestURI());
        if (status < FIRST_REFUSAL && pattern.startsWith(KeyController.PATH)) {
            return; // keys tell of it themselves: they are made without requests too
        }
        if (status < FIRST_REFUSAL) {
            log.record(event(Kind.CHANGE, request, action, object, status));
        } else {
            refusals.add(event(Kind.REFUSED_CHANGE, request, action, object, status));
        }
    }

    /// A request is answered with 401.
    ///
    /// @param showed whether it showed credentials
    void unauthenticated(HttpServletRequest request, boolean showed) {
        AuditEvent event = refusal(Kind.UNAUTHENTICATED, request, HttpServletResponse.SC_UNAUTHORIZED);
        String id = Presented.by(request)
                .keyId()
                .map(key -> "shows a key of the id " + key)
                .orElse("shows something");
        refusals.add(event.with(showed ? id : "shows nothing"));
    }

    /// A request of a known caller is answered with 403.
    void forbidden(HttpServletRequest request) {
        refusals.add(refusal(Kind.FORBIDDEN, request, HttpServletResponse.SC_FORBIDDEN));
    }

    /// A request with an address that could be read in two ways is answered with 400.
    void badAddress(HttpServletRequest request) {
        refusals.add(refusal(Kind.BAD_ADDRESS, request, HttpServletResponse.SC_BAD_REQUEST));
    }

    /// A key is made. Returns when that is on disk.
    ///
    /// @throws dev.telltale.problem.Problem if it is not
    void keyCreated(Key key, String by) {
        log.record(ofKey(Kind.KEY_CREATED, key, by, "POST ", HttpServletResponse.SC_CREATED));
    }

    /// A key is revoked. Returns when that is on disk; while the log cannot be written its line waits, since a key that
    /// got out must be revoked at any time.
    void keyRevoked(Key key, String by) {
        log.recordOrLetWait(ofKey(Kind.KEY_REVOKED, key, by, "DELETE ", HttpServletResponse.SC_NO_CONTENT));
    }

    /// Keys are made over HTTP, and by files and commands too.
    private AuditEvent ofKey(Kind kind, Key key, String by, String method, int status) {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes asked
                ? new AuditEvent(
                        clock.instant(),
                        kind,
                        by,
                        asked.getRequest().getRemoteAddr(),
                        method + asked.getRequest().getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE),
                        KeyController.PATH + "/" + key.id(),
                        status,
                        requestId(),
                        AuditEvent.says(key),
                        1)
                : AuditEvent.ofKey(clock.instant(), kind, key, by);
    }

    /// A caller asks for more than its share.
    void limited(HttpServletRequest request, int status) {
        meters.limited();
        refusals.add(refusal(Kind.LIMITED, request, status));
    }

    /// The credentials of an address were too often wrong.
    void limitedFailures(HttpServletRequest request, int status) {
        meters.limitedFailures();
        refusals.add(refusal(Kind.LIMITED_FAILURES, request, status));
    }

    /// The file of a version of a saved model was found damaged.
    ///
    /// @param reason what is wrong with it
    public void modelCorrupt(String name, int version, String reason) {
        String file = "/api/v1/models/" + name + "/versions/" + version;
        log.note(new AuditEvent(
                clock.instant(), Kind.MODEL_CORRUPT, SERVICE, null, "load", file, null, requestId(), reason, 1));
    }

    private AuditEvent refusal(Kind kind, HttpServletRequest request, int status) {
        String route = RouteRoles.route(RequestPaths.of(request)).orElse("");
        return event(kind, request, (request.getMethod() + " " + route).strip(), request.getRequestURI(), status);
    }

    private AuditEvent event(Kind kind, HttpServletRequest request, String action, String object, int status) {
        return new AuditEvent(
                clock.instant(),
                kind,
                Optional.ofNullable(request.getRemoteUser()).orElse(AuditEvent.ANONYMOUS),
                request.getRemoteAddr(),
                action,
                object,
                status,
                requestId(),
                null,
                1);
    }

    private static @Nullable String requestId() {
        return RequestIds.current().orElse(null);
    }
}
