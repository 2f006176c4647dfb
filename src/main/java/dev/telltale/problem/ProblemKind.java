package dev.telltale.problem;

/// What a failure means to the caller; `ProblemDocument` alone maps it to an HTTP status.
public enum ProblemKind {
    /// The request is not well-formed, or a field of it is outside its range.
    INVALID,
    /// The caller has not shown that it may do this.
    UNAUTHENTICATED,
    /// The caller is known, and may not do this.
    FORBIDDEN,
    /// What the path or body names does not exist.
    NOT_FOUND,
    /// The request contradicts what is stored or already running.
    CONFLICT,
    /// What is stored is in another state than the request makes a condition.
    PRECONDITION_FAILED,
    /// The body, decoded, is larger than the limit.
    TOO_LARGE,
    /// The body's media type or encoding is not read here.
    UNSUPPORTED_MEDIA_TYPE,
    /// No representation that the caller accepts can be made.
    NOT_ACCEPTABLE,
    /// Well-formed, but it cannot be done.
    UNPROCESSABLE,
    /// The service is at its limit now; the same request may succeed later.
    OVERLOADED,
    /// The caller sends more than its share; the same request will succeed later.
    TOO_MANY_REQUESTS,
    /// A part of the service does not work now.
    UNAVAILABLE,
    /// The store has no room left.
    STORAGE_FULL,
}
