package dev.telltale.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/// How the failures of some routes are written whose callers do not read problem documents, because the
/// protocol they speak has a form of its own.
public interface ProblemForm {

    /// Whether a failure of this request is written in this form.
    boolean isFor(HttpServletRequest request);

    /// Writes the failure. Status and headers are set, `Retry-After` too; they may be changed before the body
    /// is written.
    void write(ProblemDocument failure, HttpServletRequest request, HttpServletResponse response) throws IOException;
}
