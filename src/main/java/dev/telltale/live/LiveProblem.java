package dev.telltale.live;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How watching can fail.
enum LiveProblem implements ProblemType {
    BAD_NAME(ProblemKind.INVALID, "The name is not valid"),
    BAD_DETECTOR(ProblemKind.INVALID, "The detector is not valid"),
    DETECTOR_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such detector"),
    DETECTOR_LIMIT(ProblemKind.UNPROCESSABLE, "The limit of detectors is reached"),
    RECEIVER_UNKNOWN(ProblemKind.UNPROCESSABLE, "There is no such receiver"),
    NOT_WATCHED(ProblemKind.NOT_FOUND, "The detector does not watch the series"),
    ANOMALY_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such anomaly"),
    INCIDENT_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such incident"),
    BAD_FEEDBACK(ProblemKind.INVALID, "The feedback is not valid"),
    TOO_MANY_FOLLOWERS(ProblemKind.OVERLOADED, "Too many follow incidents");

    private final ProblemKind kind;
    private final String title;

    LiveProblem(ProblemKind kind, String title) {
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
