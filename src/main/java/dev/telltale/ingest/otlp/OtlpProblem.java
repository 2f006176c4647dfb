package dev.telltale.ingest.otlp;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How taking metrics over OTLP can fail. What is wrong with single points only counts them as rejected.
enum OtlpProblem implements ProblemType {
    MALFORMED_METRICS(ProblemKind.INVALID, "The body is not an export of metrics"),
    BAD_POINT(ProblemKind.INVALID, "A point is not valid");

    private final ProblemKind kind;
    private final String title;

    OtlpProblem(ProblemKind kind, String title) {
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
