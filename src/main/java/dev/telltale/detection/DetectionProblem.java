package dev.telltale.detection;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How judging errors can fail.
public enum DetectionProblem implements ProblemType {
    BAD_POLICY(ProblemKind.INVALID, "The alarm policy is not valid"),
    BAD_THRESHOLD(ProblemKind.INVALID, "The threshold rule is not valid"),
    NO_NORMAL_ROWS(ProblemKind.UNPROCESSABLE, "There is no normal row to calibrate on"),
    NO_ANNOTATED_ROWS(ProblemKind.UNPROCESSABLE, "There is no annotated row to draw the line by");

    private final ProblemKind kind;
    private final String title;

    DetectionProblem(ProblemKind kind, String title) {
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
