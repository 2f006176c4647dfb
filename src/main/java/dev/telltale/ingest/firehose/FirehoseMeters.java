package dev.telltale.ingest.firehose;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What became of the deliveries of Firehose.
final class FirehoseMeters {

    private final Counter stored;
    private final Counter repeated;
    private final Counter partial;
    private final Counter denied;

    FirehoseMeters(MeterRegistry registry) {
        stored = deliveries(registry, "stored");
        repeated = deliveries(registry, "repeated");
        partial = deliveries(registry, "partial");
        denied = deliveries(registry, "denied");
    }

    void stored() {
        stored.increment();
    }

    void repeated() {
        repeated.increment();
    }

    void partial() {
        partial.increment();
    }

    void denied() {
        denied.increment();
    }

    private static Counter deliveries(MeterRegistry registry, String outcome) {
        return Counter.builder("telltale.firehose.deliveries")
                .description("Requests of Amazon Data Firehose, by what became of them")
                .baseUnit("deliveries")
                .tag("outcome", outcome)
                .register(registry);
    }
}
