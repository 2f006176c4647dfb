package dev.telltale.database;

/// What everything is kept in cannot be used; the service does not start.
public abstract sealed class StoreUnusable extends RuntimeException permits DataDirectoryUnusable, DatabaseUnusable {

    private static final long serialVersionUID = 1;

    private final String advice;

    /// @param message what is the matter, a sentence
    /// @param advice what helps, a sentence
    StoreUnusable(String message, String advice) {
        super(message);
        this.advice = advice;
    }

    /// What helps, a sentence.
    public String advice() {
        return advice;
    }
}
