package dev.telltale.models;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How training, keeping and using a model can fail.
enum ModelsProblem implements ProblemType {
    BAD_NAME(ProblemKind.INVALID, "The model's name is not valid"),
    BAD_SPECIFICATION(ProblemKind.INVALID, "The specification is not valid"),
    BAD_SCORE_REQUEST(ProblemKind.INVALID, "The score request is not valid"),
    BAD_TUNING(ProblemKind.INVALID, "The tuning is not valid"),
    TUNING_FAILED(ProblemKind.UNPROCESSABLE, "No candidate could be trained"),
    TUNING_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such tuning"),
    MODEL_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such model"),
    VERSION_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such version of the model"),
    PLOT_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such plot"),
    NOTHING_TO_PLOT(ProblemKind.NOT_FOUND, "There is nothing to plot"),
    VERSION_ACTIVE(ProblemKind.CONFLICT, "The version is the active one"),
    MODEL_NOT_LIVE(ProblemKind.UNPROCESSABLE, "The model cannot judge rows as they arrive"),
    MODEL_EXISTS(ProblemKind.CONFLICT, "The name is taken"),
    MODEL_IN_USE(ProblemKind.CONFLICT, "The model is used"),
    MODEL_LIMIT(ProblemKind.UNPROCESSABLE, "The limit of models is reached"),
    MODEL_BUSY(ProblemKind.CONFLICT, "A job of this model is not finished"),
    UNSUPPORTED_MODEL_FORMAT(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "Model files of this format are not read"),
    MODEL_TOO_LARGE(ProblemKind.TOO_LARGE, "The model file is too large"),
    INVALID_MODEL(ProblemKind.UNPROCESSABLE, "The model file cannot be used"),
    MODEL_CORRUPT(ProblemKind.UNAVAILABLE, "The saved model is damaged"),
    MODEL_NOT_SAVED(ProblemKind.UNAVAILABLE, "The model could not be saved"),
    FEATURE_MISMATCH(ProblemKind.UNPROCESSABLE, "The series are not those that the model takes"),
    NO_ATTENTION(ProblemKind.NOT_FOUND, "The model has no attention"),
    TOO_MANY_WEIGHTS(ProblemKind.TOO_LARGE, "There are too many attention weights"),
    NOT_ENOUGH_DATA(ProblemKind.UNPROCESSABLE, "There are too few samples");

    private final ProblemKind kind;
    private final String title;

    ModelsProblem(ProblemKind kind, String title) {
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
