package dev.telltale.ingest.kafka;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How the way over the topic of samples can fail.
enum KafkaProblem implements ProblemType {
    SAMPLES_NOT_RELAYED(ProblemKind.UNAVAILABLE, "Samples cannot be handed on now"),
    BAD_RECORD(ProblemKind.INVALID, "The record is not one of samples");

    private final ProblemKind kind;
    private final String title;

    KafkaProblem(ProblemKind kind, String title) {
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
