package dev.telltale.http;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How a request can fail before any room has looked at what it means.
public enum HttpProblem implements ProblemType {
    EMPTY_BODY(ProblemKind.INVALID, "The body is empty"),
    INVALID_ENCODING(ProblemKind.INVALID, "The body is not UTF-8"),
    MALFORMED_JSON(ProblemKind.INVALID, "The body is not JSON"),
    NESTING_TOO_DEEP(ProblemKind.INVALID, "The JSON is nested too deeply"),
    DUPLICATE_KEY(ProblemKind.INVALID, "A property stands twice"),
    UNKNOWN_PROPERTY(ProblemKind.INVALID, "A property is not known"),
    MISSING_PROPERTY(ProblemKind.INVALID, "A property is missing"),
    WRONG_TYPE(ProblemKind.INVALID, "A value has the wrong type"),
    INVALID_VALUE(ProblemKind.INVALID, "A value is not valid"),
    INVALID_TEXT(ProblemKind.INVALID, "A text holds characters that are not allowed"),
    OUT_OF_RANGE(ProblemKind.INVALID, "A number is out of range"),
    NUMBER_TOO_LONG(ProblemKind.INVALID, "A number has too many digits"),
    NON_FINITE_NUMBER(ProblemKind.INVALID, "A number is not finite"),
    BAD_TIME(ProblemKind.INVALID, "A time is not valid"),
    BAD_DURATION(ProblemKind.INVALID, "A duration is not valid"),
    BAD_CURSOR(ProblemKind.INVALID, "The cursor is not valid"),
    INVALID_PARAMETER(ProblemKind.INVALID, "A parameter is not valid"),
    UNKNOWN_PARAMETER(ProblemKind.INVALID, "A parameter is not known"),
    MALFORMED_MULTIPART(ProblemKind.INVALID, "The multipart body is not as it should be"),
    MALFORMED_COMPRESSION(ProblemKind.INVALID, "The compressed body is broken"),
    BODY_TOO_LARGE(ProblemKind.TOO_LARGE, "The body is too large"),
    BAD_IDEMPOTENCY_KEY(ProblemKind.INVALID, "The Idempotency-Key is not valid"),
    REQUEST_RUNNING(ProblemKind.CONFLICT, "The same request is being worked on"),
    KEY_REUSED(ProblemKind.UNPROCESSABLE, "The Idempotency-Key belongs to another request"),
    PRECONDITION_FAILED(ProblemKind.PRECONDITION_FAILED, "It is in another state than the request asks for"),
    NOT_ACCEPTABLE(ProblemKind.NOT_ACCEPTABLE, "Not acceptable"),
    TOO_BUSY(ProblemKind.OVERLOADED, "The service has as much to do as it can"),
    UNSUPPORTED_MEDIA_TYPE(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type"),
    UNSUPPORTED_ENCODING(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "The body's encoding is not read here");

    private final ProblemKind kind;
    private final String title;

    HttpProblem(ProblemKind kind, String title) {
        this.kind = kind;
        this.title = title;
    }

    @Override
    public ProblemKind kind() {
        return kind;
    }

    @Override
    public String title() {
        return title;
    }
}
