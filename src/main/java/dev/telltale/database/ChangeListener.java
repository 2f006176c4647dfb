package dev.telltale.database;

/// Hears of changes of a kind, in the order in which they were committed, one at a time. It may read the database. A
/// listener that throws is told next time that all may have changed.
public interface ChangeListener {

    /// Something was changed; it may be known already.
    ///
    /// @param subject which of its kind
    void changed(String subject);

    /// All of the kind may have changed: this process was too long without the database to know what did.
    void all();
}
