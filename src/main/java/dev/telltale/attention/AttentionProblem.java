package dev.telltale.attention;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How asking for the attention of some rows to each other can fail.
enum AttentionProblem implements ProblemType {
    BAD_MATRIX(ProblemKind.INVALID, "A matrix is empty or ragged"),
    BAD_SIZE(ProblemKind.INVALID, "A size is out of range"),
    BAD_RANGE(ProblemKind.INVALID, "The range is not valid"),
    GRAPH_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such form of the graph"),
    SHAPE_MISMATCH(ProblemKind.UNPROCESSABLE, "The matrices do not fit each other"),
    ROW_MASKED_WHOLE(ProblemKind.UNPROCESSABLE, "A row may attend to none"),
    RESULT_NOT_FINITE(ProblemKind.UNPROCESSABLE, "The result is not finite"),
    ATTENTION_TOO_LARGE(ProblemKind.TOO_LARGE, "The transform is larger than the limit"),
    ATTENTION_OVERLOADED(ProblemKind.OVERLOADED, "Other transforms take the memory for now");

    private final ProblemKind kind;
    private final String title;

    AttentionProblem(ProblemKind kind, String title) {
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
