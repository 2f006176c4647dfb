package dev.telltale.database;

/// The database server cannot be reached, refuses the user, or holds what this version cannot work with.
public final class DatabaseUnusable extends StoreUnusable {

    private static final long serialVersionUID = 1;

    /// @param message what is the matter, a sentence
    /// @param advice what helps, a sentence that names the setting
    public DatabaseUnusable(String message, String advice) {
        super(message, advice);
    }
}
