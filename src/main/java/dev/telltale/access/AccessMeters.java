package dev.telltale.access;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What this room counts.
final class AccessMeters {

    private final Counter limited;
    private final Counter limitedFailures;

    AccessMeters(MeterRegistry registry) {
        limited = limited(registry, "rate");
        limitedFailures = limited(registry, "failures");
    }

    void limited() {
        limited.increment();
    }

    void limitedFailures() {
        limitedFailures.increment();
    }

    private static Counter limited(MeterRegistry registry, String reason) {
        return Counter.builder("telltale.limited")
                .description("Requests refused since their caller sent too many")
                .baseUnit("requests")
                .tag("reason", reason)
                .register(registry);
    }
}
