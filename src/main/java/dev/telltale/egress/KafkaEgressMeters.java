package dev.telltale.egress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/// What is counted of scores and findings on their way to Kafka.
final class KafkaEgressMeters {

    private final Counter written;
    private final Counter overflowed;
    private final Counter refused;
    private final Counter findings;
    private final AtomicInteger waiting = new AtomicInteger();

    KafkaEgressMeters(MeterRegistry registry) {
        written = scores(registry, "written");
        overflowed = scores(registry, "overflow");
        refused = scores(registry, "refused");
        findings = Counter.builder("telltale.kafka.findings")
                .description("Changes of anomalies and incidents that were written to their topic")
                .baseUnit("records")
                .register(registry);
        Gauge.builder("telltale.kafka.scores.waiting", waiting::get)
                .description("Scores that wait to be written to their topic, those on their way included")
                .baseUnit("scores")
                .register(registry);
    }

    private static Counter scores(MeterRegistry registry, String outcome) {
        return Counter.builder("telltale.kafka.scores")
                .description("Scores for their topic, by what became of them")
                .baseUnit("scores")
                .tag("outcome", outcome)
                .register(registry);
    }

    void written(int count) {
        written.increment(count);
    }

    void overflowed(int count) {
        overflowed.increment(count);
    }

    void refused(int count) {
        refused.increment(count);
    }

    void found(int count) {
        findings.increment(count);
    }

    /// @param count more than before, or fewer
    void waiting(int count) {
        waiting.addAndGet(count);
    }
}
