package dev.telltale.ingest.firehose;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How a delivery of Amazon Data Firehose can fail.
enum FirehoseProblem implements ProblemType {
    ACCESS_DENIED(ProblemKind.UNAUTHENTICATED, "The access key is not the right one"),
    BAD_DELIVERY(ProblemKind.INVALID, "The delivery is not valid"),
    UNREADABLE_RECORDS(ProblemKind.INVALID, "Some records cannot be read"),
    BAD_RECORD(ProblemKind.INVALID, "The record is not one of a metric stream");

    private final ProblemKind kind;
    private final String title;

    FirehoseProblem(ProblemKind kind, String title) {
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
