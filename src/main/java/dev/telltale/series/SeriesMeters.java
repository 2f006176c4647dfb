package dev.telltale.series;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// What became of the samples that came in, and how many went.
final class SeriesMeters {

    private final Counter accepted;
    private final Counter unchanged;
    private final Counter rejected;
    private final Counter expired;
    private final Counter nonFinite;
    private final Counter ownSeries;
    private final Map<Pushed.Reason, Counter> refused = new EnumMap<>(Pushed.Reason.class);

    SeriesMeters(MeterRegistry registry) {
        accepted = samples(registry, "accepted");
        unchanged = samples(registry, "unchanged");
        rejected = samples(registry, "rejected");
        expired = Counter.builder("telltale.retention.removed")
                .description("Samples removed because they were older than the retention")
                .baseUnit("samples")
                .register(registry);
        nonFinite = skipped(registry, "non_finite");
        ownSeries = skipped(registry, "own_series");
        for (Pushed.Reason reason : Pushed.Reason.values()) {
            refused.put(reason, skipped(registry, reason.name().toLowerCase(Locale.ROOT)));
        }
    }

    /// Tells how many partitions this process owns.
    static void watch(MeterRegistry registry, OwnedPartitions partitions) {
        Gauge.builder("telltale.partitions.owned", partitions, OwnedPartitions::count)
                .description("Parts of the store that this process owns")
                .baseUnit("partitions")
                .register(registry);
    }

    void count(Acceptance acceptance) {
        accepted.increment((double) acceptance.accepted());
        unchanged.increment((double) acceptance.unchanged());
    }

    void rejected(long samples) {
        rejected.increment((double) samples);
    }

    void count(Pushed pushed) {
        accepted.increment((double) pushed.accepted());
        unchanged.increment((double) pushed.unchanged());
        rejected.increment((double) pushed.refusedSamples());
        nonFinite.increment((double) pushed.missing());
        ownSeries.increment((double) pushed.own());
        pushed.refused()
                .forEach(
                        one -> Objects.requireNonNull(refused.get(one.reason())).increment((double) one.samples()));
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

    private static Counter skipped(MeterRegistry registry, String reason) {
        return Counter.builder("telltale.skipped.samples")
                .description("Samples that monitoring systems pushed and that were not stored, by reason")
                .baseUnit("samples")
                .tag("reason", reason)
                .register(registry);
    }
}
