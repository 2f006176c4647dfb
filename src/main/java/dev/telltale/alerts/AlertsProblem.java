package dev.telltale.alerts;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How settings of receivers and silences can fail.
enum AlertsProblem implements ProblemType {
    BAD_NAME(ProblemKind.INVALID, "The name is not valid"),
    BAD_RECEIVER(ProblemKind.INVALID, "The receiver is not valid"),
    FORBIDDEN_URL(ProblemKind.INVALID, "Nothing is sent to such an address"),
    RECEIVER_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such receiver"),
    RECEIVER_LIMIT(ProblemKind.UNPROCESSABLE, "The limit of receivers is reached"),
    BAD_SILENCE(ProblemKind.INVALID, "The silence is not valid"),
    SILENCE_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such silence"),
    SILENCE_LIMIT(ProblemKind.UNPROCESSABLE, "The limit of silences is reached");

    private final ProblemKind kind;
    private final String title;

    AlertsProblem(ProblemKind kind, String title) {
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
