package dev.telltale.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/// Turns every failure of a request into a problem document: our own, Spring's, and those that nobody
/// foresaw, which answer 500 with an id that the log holds too.
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    /// Set on every answer before anything can fail.
    private static final String REQUEST_ID = "X-Request-Id";

    private final ObjectProvider<ProblemForm> forms;

    ProblemAdvice(ObjectProvider<ProblemForm> forms) {
        this.forms = forms;
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> answer(Exception failure, HttpServletRequest request, HttpServletResponse response)
            throws Exception {
        if (response.isCommitted() && response.getStatus() >= HttpStatus.BAD_REQUEST.value()) {
            // The container found the framing of the body broken and has closed the answer; it writes what we found.
            problemIn(failure).ifPresent(problem -> request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, problem));
            return null;
        }
        if (response.isCommitted()) {
            // Half an answer is out. Only a broken connection tells the caller that it is not a whole one.
            throw failure;
        }
        Optional<Problem> problem = problemIn(failure);
        if (problem.isPresent()) {
            return written(answer(problem.get(), request), request, response);
        }
        if (hasCause(failure, SocketTimeoutException.class)) {
            String detail = "the body came too slowly or is shorter than announced";
            return written(answer(HttpStatus.REQUEST_TIMEOUT, detail, request), request, response);
        }
        if (failure instanceof InvalidParameterException || failure instanceof RequestRejectedException) {
            // Parameters are read late, so that those which cannot be are found only here.
            String detail =
                    "the query is malformed: each parameter needs a name, and '%' begins two hexadecimal digits";
            return written(answer(HttpStatus.BAD_REQUEST, detail, request), request, response);
        }
        if (DisconnectedClientHelper.isClientDisconnectedException(failure)) {
            response.setStatus(HttpStatus.BAD_REQUEST.value()); // nobody reads it, but logs tell of it
            return null;
        }
        String id = Optional.ofNullable(response.getHeader(REQUEST_ID)).orElse("-");
        LOG.error("{} {} failed, id {}", oneLine(request.getMethod()), oneLine(request.getRequestURI()), id, failure);
        String detail = "the service failed; its log says more under id " + id;
        return written(answer(HttpStatus.INTERNAL_SERVER_ERROR, detail, request), request, response);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String parameter =
                failure instanceof MethodArgumentTypeMismatchException argument ? argument.getName() : "a parameter";
        return written(failure, parameter + " cannot be '" + failure.getValue() + "'", request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return written(failure, "the body is missing or cannot be read; send one", request);
    }

    /// Where all of Spring's own failures end: status and headers are Spring's, the document is ours.
    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception failure, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String detail =
                failure instanceof ErrorResponse response && response.getBody().getDetail() != null
                        ? response.getBody().getDetail()
                        : HttpStatus.valueOf(status.value()).getReasonPhrase();
        ResponseEntity<ProblemDocument> answer = answer(status, detail, ((ServletWebRequest) request).getRequest());
        HttpHeaders all = new HttpHeaders(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return written(new ResponseEntity<>(answer.getBody(), all, status), (ServletWebRequest) request);
    }

    /// The answer to a failure of Spring's: the problem in it, or else 400.
    private @Nullable ResponseEntity<Object> written(Exception failure, String detail, WebRequest request) {
        HttpServletRequest servletRequest = ((ServletWebRequest) request).getRequest();
        ResponseEntity<ProblemDocument> answer = problemIn(failure)
                .map(problem -> answer(problem, servletRequest))
                .orElseGet(() -> answer(HttpStatus.BAD_REQUEST, detail, servletRequest));
        return written(answer, (ServletWebRequest) request);
    }

    private @Nullable ResponseEntity<Object> written(
            ResponseEntity<ProblemDocument> answer, ServletWebRequest request) {
        return written(answer, request.getRequest(), Objects.requireNonNull(request.getResponse()));
    }

    /// The answer as a problem document, or null once it is written in another form.
    private @Nullable ResponseEntity<Object> written(
            ResponseEntity<ProblemDocument> answer, HttpServletRequest request, HttpServletResponse response) {
        ProblemDocument document = Objects.requireNonNull(answer.getBody());
        Optional<ProblemForm> form =
                forms.orderedStream().filter(one -> one.isFor(request)).findFirst();
        if (form.isEmpty()) {
            return new ResponseEntity<>(document.toMap(), answer.getHeaders(), answer.getStatusCode());
        }
        response.setStatus(document.status());
        answer.getHeaders().forEach((name, values) -> values.forEach(value -> response.setHeader(name, value)));
        try {
            form.get().write(document, request, response);
        } catch (IOException callerHasGone) {
            LOG.debug("nobody was there to read of a failure", callerHasGone);
        }
        return null;
    }

    private static ResponseEntity<ProblemDocument> answer(Problem problem, HttpServletRequest request) {
        ProblemDocument document = ProblemDocument.of(problem, request.getRequestURI());
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(document.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        problem.retryAfter().ifPresent(wait -> answer.header(HttpHeaders.RETRY_AFTER, seconds(wait)));
        if (document.status() == HttpStatus.CONTENT_TOO_LARGE.value()) {
            // The rest of the body is not worth reading.
            answer.header(HttpHeaders.CONNECTION, "close");
        }
        return answer.body(document);
    }

    private static ResponseEntity<ProblemDocument> answer(
            HttpStatusCode status, String detail, HttpServletRequest request) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(ProblemDocument.of(status.value(), detail, request.getRequestURI()));
    }

    private static String seconds(Duration wait) {
        return Long.toString(Math.max(1, wait.toSeconds()));
    }

    /// The problem in a chain of causes: parsers and converters wrap what is thrown inside them.
    private static Optional<Problem> problemIn(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return Optional.of(problem);
            }
        }
        return Optional.empty();
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /// The text as it may stand in a log: one line, no control characters.
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
