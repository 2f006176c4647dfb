package dev.telltale.ingest.firehose;

import dev.telltale.http.Json;
import dev.telltale.problem.Excerpt;
import dev.telltale.problem.ProblemDocument;
import dev.telltale.problem.ProblemForm;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/// Failures as Firehose reads them: it writes `errorMessage` into the log of its stream.
///
/// @see <a href="https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html">Response</a>
final class FirehoseForm implements ProblemForm {

    private static final String RETRY_AFTER_SECONDS = "5";

    private final Json json;
    private final InstantSource clock;

    FirehoseForm(Json json, InstantSource clock) {
        this.json = json;
        this.clock = clock;
    }

    @Override
    public boolean isFor(HttpServletRequest request) {
        return request.getRequestURI().equals(FirehoseController.PATH);
    }

    @Override
    public void write(ProblemDocument failure, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (failure.status() == 401) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, FirehoseController.ACCESS_KEY);
        }
        if (failure.status() == 507 || failure.status() == 404) {
            response.setStatus(503); // room may be made, and a series that was removed meanwhile is made anew
        }
        if (response.getStatus() == 503 && !response.containsHeader(HttpHeaders.RETRY_AFTER)) {
            response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        String id = Optional.ofNullable(request.getHeader(FirehoseController.REQUEST_ID))
                .orElse("");
        String message = failure.title() + ": " + failure.detail();
        byte[] body = json.write(new FirehoseAnswer(Excerpt.of(id), clock.millis(), message));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
