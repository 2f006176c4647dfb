package dev.telltale.ingest.otlp;

import dev.telltale.problem.ProblemDocument;
import dev.telltale.problem.ProblemForm;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;

/// Failures as a `google.rpc.Status` in the encoding of the request, as the protocol demands. A body of neither
/// encoding gets a problem document.
///
/// @see <a href="https://opentelemetry.io/docs/specs/otlp/#failures">OTLP, failures</a>
final class StatusForm implements ProblemForm {

    private static final String RETRY_AFTER_SECONDS = "5";

    @Override
    public boolean isFor(HttpServletRequest request) {
        return request.getRequestURI().equals(OtlpController.PATH)
                && ExportEncoding.of(request.getContentType()).isPresent();
    }

    @Override
    public void write(ProblemDocument failure, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ExportEncoding encoding = ExportEncoding.of(request.getContentType()).orElseThrow();
        if (failure.status() == 507 || failure.status() == 404) {
            response.setStatus(503); // room may be made, and a series that was removed meanwhile is made anew
        }
        if (response.getStatus() == 503 && !response.containsHeader(HttpHeaders.RETRY_AFTER)) {
            response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response.setContentType(encoding.mediaType());
        byte[] body = encoding.write(code(response.getStatus()), failure.title() + ": " + failure.detail());
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /// The code of gRPC that is nearest to an HTTP status.
    private static int code(int status) {
        return switch (status) {
            case 400, 415 -> 3; // INVALID_ARGUMENT
            case 401 -> 16; // UNAUTHENTICATED
            case 403 -> 7; // PERMISSION_DENIED
            case 413 -> 8; // RESOURCE_EXHAUSTED
            case 405 -> 12; // UNIMPLEMENTED
            case 500 -> 13; // INTERNAL
            case 503 -> 14; // UNAVAILABLE
            default -> 2; // UNKNOWN
        };
    }
}
