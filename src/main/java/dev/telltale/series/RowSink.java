package dev.telltale.series;

import dev.telltale.problem.ProblemType;

/// Takes the rows of an upload one by one while it is read. A row is one sample: a line of several columns
/// has several.
interface RowSink {

    /// Takes a row that can be stored.
    ///
    /// @param series its number in the upload, from 0
    /// @param place where the row stands, as its reader counts; it ascends
    void add(int series, long time, double value, long place);

    /// Counts a row that has a time but no value.
    void addMissing(int series);

    /// Notes a fault that keeps rows from being stored.
    ///
    /// @throws dev.telltale.problem.Problem if that refuses the upload and reading on helps nobody
    void fault(ProblemType type, RowFault fault);

    /// Counts rows that faults have spoilt.
    void spoilt(int rows);
}
