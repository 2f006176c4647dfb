package dev.telltale.database;

/// The data directory is held by another process, or it or what lies in it cannot be used.
public final class DataDirectoryUnusable extends StoreUnusable {

    private static final long serialVersionUID = 1;

    /// @param message what is the matter, a sentence
    /// @param advice what helps, a sentence
    public DataDirectoryUnusable(String message, String advice) {
        super(message, advice);
    }
}
