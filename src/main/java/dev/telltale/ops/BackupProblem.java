package dev.telltale.ops;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How a request about backups, or a backup itself, can fail.
enum BackupProblem implements ProblemType {
    BACKUP_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such backup"),
    BACKUP_FAILED(ProblemKind.UNAVAILABLE, "The backup could not be made");

    private final ProblemKind kind;
    private final String title;

    BackupProblem(ProblemKind kind, String title) {
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
