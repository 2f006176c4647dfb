package dev.telltale.database;

/// Hears how a move of an installation comes on.
public interface MoveListener {

    /// Rows have come to a table.
    ///
    /// @param rows how many more
    /// @param bytes of their values, about
    void moved(String table, long rows, long bytes);

    /// Something did not come as it was.
    ///
    /// @param sentence what, and why
    void warn(String sentence);
}
