package dev.telltale.problem;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;

/// One way in which a request can fail, listed in an enum of the room that finds it.
public interface ProblemType {

    /// The enum constant's name, such as `SERIES_NOT_FOUND`; it becomes the document's type.
    String name();

    /// What the failure means to the caller.
    ProblemKind kind();

    /// A short sentence, the same for every occurrence.
    String title();

    /// The document's `type`, such as `/problems/series-not-found`.
    default String uri() {
        return "/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// A failure of this type, to be thrown.
    ///
    /// @param detail what came, what was expected and what helps, as a format for `arguments`
    @FormatMethod
    default Problem because(@FormatString String detail, Object... arguments) {
        return new Problem(this, String.format(Locale.ROOT, detail, arguments));
    }
}
