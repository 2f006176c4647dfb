package dev.telltale.series;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What became of the samples that came in, and how many went.
final class SeriesMeters {

    private final Counter accepted;
    private final Counter unchanged;
    private final Counter rejected;
    private final Counter expired;

    SeriesMeters(MeterRegistry registry) {
        accepted = samples(registry, "accepted");
        unchanged = samples(registry, "unchanged");
        rejected = samples(registry, "rejected");
        expired = Counter.builder("telltale.retention.removed")
                .description("Samples removed because they were older than the retention")
                .baseUnit("samples")
                .register(registry);
    }

    void count(Acceptance acceptance) {
        accepted.increment((double) acceptance.accepted());
        unchanged.increment((double) acceptance.unchanged());
    }

    void rejected(long samples) {
        rejected.increment((double) samples);
    }

    void expired(long samples) {
        expired.increment((double) samples);
    }

    private static Counter samples(MeterRegistry registry, String outcome) {
        return Counter.builder("telltale.samples")
                .description("Samples that came in, by what became of them")
                .baseUnit("samples")
                .tag("outcome", outcome)
                .register(registry);
    }
}
