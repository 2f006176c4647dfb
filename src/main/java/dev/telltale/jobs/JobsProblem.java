package dev.telltale.jobs;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How a request about jobs, or a job itself, can fail.
public enum JobsProblem implements ProblemType {
    JOB_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such job"),
    JOB_ENDED(ProblemKind.CONFLICT, "The job has ended already"),
    JOB_CANCELLED(ProblemKind.CONFLICT, "The job was cancelled"),
    NAME_TAKEN(ProblemKind.CONFLICT, "A job holds this name"),
    OVERLOADED(ProblemKind.OVERLOADED, "The queue is full"),
    TOO_MANY_STREAMS(ProblemKind.OVERLOADED, "Too many streams of events are open"),
    JOB_TOOK_TOO_LONG(ProblemKind.UNPROCESSABLE, "The job took too long");

    private final ProblemKind kind;
    private final String title;

    JobsProblem(ProblemKind kind, String title) {
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
