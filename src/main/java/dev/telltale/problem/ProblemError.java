package dev.telltale.problem;

import org.jspecify.annotations.Nullable;

/// One fault inside a request: where it stands and what is wrong with it.
///
/// @param pointer JSON pointer (RFC 6901) into the body, or null
/// @param line line of a text body, from 1, or null
/// @param column column of that line by number, from 1, or null
/// @param detail what came and what was expected
public record ProblemError(
        @Nullable String pointer,
        @Nullable Long line,
        @Nullable Integer column,
        String detail) {

    /// A fault at a JSON pointer such as `/training/epochs`.
    public static ProblemError at(String pointer, String detail) {
        return new ProblemError(pointer, null, null, detail);
    }

    /// A fault in a line as a whole.
    public static ProblemError atLine(long line, String detail) {
        return new ProblemError(null, line, null, detail);
    }

    /// A fault in one cell of a line.
    public static ProblemError atCell(long line, int column, String detail) {
        return new ProblemError(null, line, column, detail);
    }
}
