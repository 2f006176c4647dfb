package dev.telltale.access;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How writing or reading the log of changes can fail.
enum AuditProblem implements ProblemType {
    AUDIT_UNAVAILABLE(ProblemKind.UNAVAILABLE, "The log of changes cannot be written or read now"),
    AUDIT_FULL(ProblemKind.STORAGE_FULL, "The log of changes has no room left");

    private final ProblemKind kind;
    private final String title;

    AuditProblem(ProblemKind kind, String title) {
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
