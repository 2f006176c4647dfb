package dev.telltale.series;

import dev.telltale.problem.ProblemError;

/// What is wrong with a row of a body.
///
/// @param place where the row stands, as its reader counts; it ascends
/// @param error as the caller is told of it
record RowFault(long place, ProblemError error) {

    /// How a format tells where a row stands: by its line, or by a pointer.
    @FunctionalInterface
    interface Form {
        RowFault of(long place, String detail);
    }

    static RowFault atLine(long line, String detail) {
        return new RowFault(line, ProblemError.atLine(line, detail));
    }

    /// @param pointer to the row, or to what is wrong in it
    static RowFault at(long index, String pointer, String detail) {
        return new RowFault(index, ProblemError.at(pointer, detail));
    }
}
