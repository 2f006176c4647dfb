package dev.telltale.access;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What this room counts.
final class AccessMeters {

    private final Counter limited;
    private final Counter limitedFailures;
    private final Counter audited;
    private final Counter unaudited;

    AccessMeters(MeterRegistry registry) {
        limited = limited(registry, "rate");
        limitedFailures = limited(registry, "failures");
        audited = lines(registry, "written");
        unaudited = lines(registry, "lost");
    }

    void limited() {
        limited.increment();
    }

    void limitedFailures() {
        limitedFailures.increment();
    }

    /// A line of the log of changes is written.
    void audited() {
        audited.increment();
    }

    /// A line of the log of changes will never be written.
    void unaudited() {
        unaudited.increment();
    }

    private static Counter lines(MeterRegistry registry, String outcome) {
        return Counter.builder("telltale.audit.lines")
                .description("Lines of the log of changes and refusals; one is lost only while it cannot be written")
                .baseUnit("lines")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter limited(MeterRegistry registry, String reason) {
        return Counter.builder("telltale.limited")
                .description("Requests refused since their caller sent too many")
                .baseUnit("requests")
                .tag("reason", reason)
                .register(registry);
    }
}
