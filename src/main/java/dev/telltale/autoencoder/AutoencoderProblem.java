package dev.telltale.autoencoder;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How describing, training or using an autoencoder can fail.
public enum AutoencoderProblem implements ProblemType {
    BAD_ARCHITECTURE(ProblemKind.INVALID, "The architecture is not valid"),
    BAD_TRAINING(ProblemKind.INVALID, "The training settings are not valid"),
    SHAPE_MISMATCH(ProblemKind.UNPROCESSABLE, "The windows do not fit the network"),
    TOO_MANY_PARAMETERS(ProblemKind.UNPROCESSABLE, "The network has too many parameters"),
    TOO_EXPENSIVE(ProblemKind.UNPROCESSABLE, "The training needs more memory than it may use"),
    TRAINING_OVER_MEMORY(ProblemKind.UNPROCESSABLE, "The training took more memory than it may use"),
    DIVERGED(ProblemKind.UNPROCESSABLE, "The training diverged"),
    BAD_WEIGHTS(ProblemKind.UNPROCESSABLE, "The weights do not fit the network");

    private final ProblemKind kind;
    private final String title;

    AutoencoderProblem(ProblemKind kind, String title) {
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
