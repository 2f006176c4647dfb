package dev.telltale.ingest;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How taking what monitoring systems push can fail, whichever protocol they speak.
public enum IngestProblem implements ProblemType {
    TOO_MUCH_AT_ONCE(ProblemKind.TOO_LARGE, "The request is too much to decode at once"),
    BUSY(ProblemKind.OVERLOADED, "Too many requests are being decoded");

    private final ProblemKind kind;
    private final String title;

    IngestProblem(ProblemKind kind, String title) {
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
