package dev.telltale.kafka;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says in two sentences why the service did not start, in place of a stack trace.
final class KafkaFailureAnalyzer extends AbstractFailureAnalyzer<KafkaUnusable> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, KafkaUnusable cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.advice(), cause);
    }
}
