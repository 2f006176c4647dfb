package dev.telltale.access;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How asking for access can fail.
enum AccessProblem implements ProblemType {
    UNAUTHORIZED(ProblemKind.UNAUTHENTICATED, "The caller is not known"),
    FORBIDDEN(ProblemKind.FORBIDDEN, "The caller may not do this"),
    BAD_ADDRESS(ProblemKind.INVALID, "The address is not valid"),
    BAD_KEY(ProblemKind.INVALID, "The key cannot be made like this"),
    TOO_MANY_KEYS(ProblemKind.CONFLICT, "There are too many keys"),
    KEY_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such key"),
    ISSUER_UNAVAILABLE(ProblemKind.UNAVAILABLE, "Tokens cannot be checked now");

    private final ProblemKind kind;
    private final String title;

    AccessProblem(ProblemKind kind, String title) {
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
