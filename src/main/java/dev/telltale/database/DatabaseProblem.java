package dev.telltale.database;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How keeping data can fail.
public enum DatabaseProblem implements ProblemType {
    STORAGE_FULL(ProblemKind.STORAGE_FULL, "The store has no room left"),
    STORE_UNAVAILABLE(ProblemKind.UNAVAILABLE, "The store does not work now"),
    STORE_OVERLOADED(ProblemKind.OVERLOADED, "Too many writes wait for the store"),
    COPY_NOT_OFFERED(ProblemKind.UNPROCESSABLE, "This store is not copied by the service");

    private final ProblemKind kind;
    private final String title;

    DatabaseProblem(ProblemKind kind, String title) {
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
