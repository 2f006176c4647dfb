package dev.telltale.database;

/// The data directory is held by another process, or it or what lies in it cannot be used; the service
/// does not start.
public final class DataDirectoryUnusable extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String advice;

    /// @param message what is the matter, a sentence
    /// @param advice what helps, a sentence
    public DataDirectoryUnusable(String message, String advice) {
        super(message);
        this.advice = advice;
    }

    /// What helps, a sentence.
    public String advice() {
        return advice;
    }
}
