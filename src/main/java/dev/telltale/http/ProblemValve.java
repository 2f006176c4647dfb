package dev.telltale.http;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemDocument;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.jspecify.annotations.Nullable;

/// Writes the problem document of failures that never reach Spring, such as a malformed address. Public
/// because Tomcat makes it by its name.
public final class ProblemValve extends ErrorReportValve {

    private static final Json JSON = new Json();
    private static final String SLOW = "the body came too slowly or is shorter than announced";
    private static final Pattern BROKEN_CODE = Pattern.compile("%(?!\\p{XDigit}{2})");
    private static final String RETRY_AFTER_SECONDS = "5";

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (request.getProtocol().isEmpty()) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST); // HTTP/0.9, which knows no failures
        } else if (holdsBrokenCode(request.getRequestURI())) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST); // Tomcat lets it pass behind a semicolon
        }
        try {
            super.invoke(request, response);
            Optional<Transfer> transfer = Transfer.of(request.getRequest());
            if (transfer.isPresent()) {
                finish(transfer.get(), request, response);
            }
        } finally {
            Transfer.of(request.getRequest()).ifPresent(Transfer::end);
        }
    }

    private static boolean holdsBrokenCode(@Nullable String address) {
        return address != null
                && address.indexOf('%') >= 0
                && BROKEN_CODE.matcher(address).find();
    }

    /// Sends what the caller has not been sent yet, and then reads what nobody read of its body: patiently, but not
    /// for ever.
    private static void finish(Transfer transfer, Request request, Response response) throws IOException {
        transfer.write(0, () -> {
            response.finishResponse();
            return true;
        });
        boolean isLeftUnread = response.getStatus() == HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE
                || request.getHeader("Expect") != null;
        if (!isLeftUnread && !transfer.drain(new Unread(request.getCoyoteRequest()))) {
            response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
        }
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        String path = Optional.ofNullable(request.getRequestURI()).orElse("/");
        boolean isCut =
                Transfer.of(request.getRequest()).filter(Transfer::isCut).isPresent();
        Optional<ProblemDocument> problem = isCut
                ? Optional.empty() // what is said of a body that was cut is wrong
                : problemIn(failure).map(found -> ProblemDocument.of(found, path));
        if (isCut) {
            response.setStatus(HttpServletResponse.SC_REQUEST_TIMEOUT);
        } else if (problem.isPresent()) {
            response.setStatus(problem.get().status());
        } else if (isOfTheCaller(response.getStatus(), failure)) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        }
        boolean isSlow = response.getStatus() == HttpServletResponse.SC_REQUEST_TIMEOUT;
        if (isSlow
                && PushRoutes.contain(path)) { // Tomcat answers 408 when a body stops half-way, and they would drop it
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        SecurityHeaders.apply(path, request.isSecure(), response);
        if (!response.containsHeader(RequestIds.HEADER)) {
            response.setHeader(RequestIds.HEADER, RequestIds.of(request.getHeader(RequestIds.HEADER)));
        }
        ProblemDocument document = problem.filter(found -> found.status() == status)
                .orElseGet(() -> ProblemDocument.of(status, isSlow ? SLOW : detail(status), path));
        response.setContentType("application/problem+json");
        try {
            OutputStream out = response.getOutputStream();
            (PrettyAnswers.isAskedBy(request) ? new PrettyJson(out) : out).write(JSON.write(document.toMap()));
            response.finishResponse();
        } catch (IOException | IllegalStateException callerHasGone) {
            container.getLogger().debug("nobody was there to read the problem document", callerHasGone);
        }
    }

    /// Whether Tomcat blames itself for what the caller did: broken chunks, a transfer coding or a version
    /// of HTTP that nobody serves.
    private static boolean isOfTheCaller(int status, @Nullable Throwable failure) {
        return switch (status) {
            case HttpServletResponse.SC_NOT_IMPLEMENTED, HttpServletResponse.SC_HTTP_VERSION_NOT_SUPPORTED -> true;
            case HttpServletResponse.SC_INTERNAL_SERVER_ERROR -> isOfTheConnection(failure);
            default -> false;
        };
    }

    /// The problem that nobody could answer: where the framing of a body is broken, Tomcat closes the answer before
    /// those who read the body find that something is missing in it.
    private static Optional<Problem> problemIn(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return Optional.of(problem);
            }
        }
        return Optional.empty();
    }

    private static boolean isOfTheConnection(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    /// What is left of a body, which goes nowhere.
    private static final class Unread implements Transfer.Step<Integer>, ApplicationBufferHandler {

        private final org.apache.coyote.Request request;
        private ByteBuffer bytes = ByteBuffer.allocate(0);

        private Unread(org.apache.coyote.Request request) {
            this.request = request;
        }

        @Override
        public Integer take() throws IOException {
            return request.doRead(this);
        }

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            bytes = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return bytes;
        }

        @Override
        public void expand(int size) {
            // it is never short of room
        }
    }

    private static String detail(int status) {
        return switch (status) {
            case 400 -> "the request line, a header, the address or the framing of the body is malformed";
            case 404 -> "nothing is here";
            case 405 -> "this method is not served";
            default -> status < 500 ? "the request was refused" : "the service failed; its log says more";
        };
    }
}
