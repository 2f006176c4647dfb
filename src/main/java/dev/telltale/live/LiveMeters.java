package dev.telltale.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/// What detectors count of their work.
final class LiveMeters {

    private final Counter scored;
    private final Counter rescored;
    private final Counter tooLate;
    private final Counter failures;
    private final Timer latency;

    LiveMeters(MeterRegistry registry) {
        scored = rows(registry, "scored");
        rescored = rows(registry, "rescored");
        tooLate = rows(registry, "too-late");
        failures = Counter.builder("telltale.live.failures")
                .description("Times that rows of a detector could not be scored or stored; it tries again")
                .register(registry);
        latency = Timer.builder("telltale.live.latency")
                .description("Time from the arrival of a sample until its score is stored, of the oldest in each batch")
                .publishPercentiles(0.5, 0.99)
                .distributionStatisticExpiry(Duration.ofMinutes(1)) // the percentiles are of the last minute
                .register(registry);
    }

    private static Counter rows(MeterRegistry registry, String outcome) {
        return Counter.builder("telltale.live.rows")
                .description("Rows of watched series: scored as they arrived, scored again since a late sample changed"
                        + " their window, or left as they are since it came too late")
                .baseUnit("rows")
                .tag("outcome", outcome)
                .register(registry);
    }

    void scored(int rows, int rowsAgain) {
        scored.increment(rows);
        rescored.increment(rowsAgain);
    }

    void tooLate() {
        tooLate.increment();
    }

    void failed() {
        failures.increment();
    }

    void stored(Duration sinceArrival) {
        latency.record(sinceArrival);
    }

    static void watch(MeterRegistry registry, Supplier<Number> series, Supplier<Number> pending) {
        Gauge.builder("telltale.live.series", series)
                .description("Series that detectors watch, each for every detector")
                .baseUnit("series")
                .register(registry);
        Gauge.builder("telltale.live.pending", pending)
                .description("Samples that wait for their score")
                .baseUnit("samples")
                .register(registry);
    }
}
