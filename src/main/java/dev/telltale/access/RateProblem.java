package dev.telltale.access;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How a caller can ask for more than its share.
enum RateProblem implements ProblemType {
    TOO_MANY_REQUESTS(ProblemKind.TOO_MANY_REQUESTS, "The caller sends too many requests"),
    /// The same to senders of samples, who would drop what is answered with 429.
    TOO_MANY_PUSHES(ProblemKind.OVERLOADED, "The sender sends too many requests"),
    TOO_MANY_FAILURES(ProblemKind.TOO_MANY_REQUESTS, "Too many requests of this address had wrong credentials"),
    TOO_MANY_FAILED_PUSHES(ProblemKind.OVERLOADED, "Too many requests of this address had wrong credentials");

    private final ProblemKind kind;
    private final String title;

    RateProblem(ProblemKind kind, String title) {
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
