package dev.telltale.access;

/// The service does not start, because strangers could use it or because its own key cannot be taken in.
final class AccessRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String advice;

    /// @param reason what is the matter, a sentence
    /// @param advice what helps, a sentence
    AccessRefused(String reason, String advice) {
        super(reason);
        this.advice = advice;
    }

    String advice() {
        return advice;
    }
}
