package dev.telltale.ingest.otlp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// What became of the points that came over OTLP.
final class OtlpMeters {

    private final Counter taken;
    private final Counter first;
    private final Counter rejected;

    OtlpMeters(MeterRegistry registry, Rates rates) {
        taken = points(registry, "taken");
        first = points(registry, "first");
        rejected = points(registry, "rejected");
        Gauge.builder("telltale.otlp.streams", rates, Rates::streams)
                .description("Streams that count up and whose last points are remembered for the next rate")
                .baseUnit("streams")
                .register(registry);
    }

    /// Counts the points of a request.
    ///
    /// @param some of them were first points of a stream, which tell no rate yet
    void count(long all, long some, long refused) {
        taken.increment((double) Math.max(0, all - some - refused));
        first.increment((double) some);
        rejected.increment((double) refused);
    }

    private static Counter points(MeterRegistry registry, String outcome) {
        return Counter.builder("telltale.otlp.points")
                .description("Points that came over OTLP, by what became of them")
                .baseUnit("points")
                .tag("outcome", outcome)
                .register(registry);
    }
}
