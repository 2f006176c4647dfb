package dev.telltale.torch;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How asking the engine can fail.
public enum TorchProblem implements ProblemType {
    ENGINE_OVERLOADED(ProblemKind.OVERLOADED, "The engine has more work waiting than it can do soon"),
    ENGINE_UNAVAILABLE(ProblemKind.UNAVAILABLE, "The engine did not start");

    private final ProblemKind kind;
    private final String title;

    TorchProblem(ProblemKind kind, String title) {
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
