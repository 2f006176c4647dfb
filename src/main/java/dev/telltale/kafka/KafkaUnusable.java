package dev.telltale.kafka;

/// Kafka cannot be used as the settings say; the service does not start.
public final class KafkaUnusable extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String advice;

    /// @param message what is the matter, a sentence
    /// @param advice what helps, a sentence that names the setting
    public KafkaUnusable(String message, String advice) {
        super(message);
        this.advice = advice;
    }

    /// What helps, a sentence.
    public String advice() {
        return advice;
    }
}
