package dev.telltale.series;

import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How naming, storing and reading series can fail.
enum SeriesProblem implements ProblemType {
    SERIES_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such series"),
    SERIES_AMBIGUOUS(ProblemKind.CONFLICT, "Several series have this name"),
    SERIES_LIMIT(ProblemKind.UNPROCESSABLE, "The limit of series is reached"),
    BAD_SERIES_NAME(ProblemKind.INVALID, "The series name is not valid"),
    BAD_LABELS(ProblemKind.INVALID, "The labels are not valid"),
    BAD_DESCRIPTION(ProblemKind.INVALID, "The unit or interval is not valid"),
    BAD_SELECTOR(ProblemKind.INVALID, "The selector is not valid"),
    BAD_TIME(ProblemKind.INVALID, "A time is not valid"),
    BAD_VALUE(ProblemKind.INVALID, "A value is not valid"),
    BAD_CSV(ProblemKind.INVALID, "The CSV is not valid"),
    UNEQUAL_LENGTHS(ProblemKind.INVALID, "The lists differ in length"),
    UPLOAD_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no report of such an upload"),
    NOT_A_TABLE(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "Several series come as CSV"),
    EMPTY_UPLOAD(ProblemKind.INVALID, "There are no samples"),
    DUPLICATE_TIME(ProblemKind.INVALID, "A time stands twice"),
    CONFLICTING_SAMPLE(ProblemKind.CONFLICT, "A sample contradicts a stored one"),
    BAD_ANNOTATION(ProblemKind.INVALID, "The annotation is not valid"),
    ANNOTATION_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such annotation"),
    ANNOTATION_LIMIT(ProblemKind.UNPROCESSABLE, "The limit of annotations is reached"),
    DAMAGED_SAMPLES(ProblemKind.UNAVAILABLE, "Stored samples are damaged");

    private final ProblemKind kind;
    private final String title;

    SeriesProblem(ProblemKind kind, String title) {
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
