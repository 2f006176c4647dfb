package dev.telltale.ingest.remotewrite;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemKind;
import dev.telltale.problem.ProblemType;

/// How a remote write can fail. A sender drops what was answered with 4xx and sends again what was answered
/// with 5xx.
enum RemoteWriteProblem implements ProblemType {
    NOT_REMOTE_WRITE(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "The body is not of remote write 1.0 or 2.0"),
    MALFORMED_SNAPPY(ProblemKind.INVALID, "The body is not a snappy block"),
    MALFORMED_REQUEST(ProblemKind.INVALID, "The body is not what its content type says"),
    BAD_LABELS(ProblemKind.INVALID, "The labels of a series are not valid"),
    PARTLY_WRITTEN(ProblemKind.INVALID, "Not all was written"),
    TRY_AGAIN(ProblemKind.UNAVAILABLE, "The service cannot write now");

    private final ProblemKind kind;
    private final String title;

    RemoteWriteProblem(ProblemKind kind, String title) {
        this.kind = kind;
        this.title = title;
    }

    /// What to say of a body that a reader of protobuf refuses.
    static Problem malformed(String version) {
        return MALFORMED_REQUEST.because(
                "the body is no protobuf message of remote write %s: it is cut off, or a number, length or group in it is broken; nothing was written",
                version);
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
