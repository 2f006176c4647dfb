package dev.telltale.signal;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How turning samples into windows can fail.
public enum SignalProblem implements ProblemType {
    BAD_WINDOW(ProblemKind.INVALID, "The windowing is not valid"),
    BAD_GRID(ProblemKind.INVALID, "The time grid is not valid"),
    BAD_FEATURE(ProblemKind.INVALID, "The feature is not valid"),
    BAD_SPLIT(ProblemKind.INVALID, "The split is not valid"),
    NOT_ENOUGH_DATA(ProblemKind.UNPROCESSABLE, "There are too few samples"),
    TOO_MANY_ROWS(ProblemKind.UNPROCESSABLE, "The range has too many rows on this grid");

    private final ProblemKind kind;
    private final String title;

    SignalProblem(ProblemKind kind, String title) {
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
