package dev.telltale.egress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// What is counted of scores on their way out.
final class EgressMeters {

    private final Counter written;
    private final Counter refused;
    private final Counter tooOld;
    private final Counter overflowed;
    private final Counter accepted;
    private final Counter rejected;
    private final Counter failed;
    private final AtomicInteger waiting = new AtomicInteger();

    EgressMeters(MeterRegistry registry) {
        written = samples(registry, "written");
        refused = samples(registry, "refused");
        tooOld = samples(registry, "too-old");
        overflowed = samples(registry, "overflow");
        accepted = requests(registry, "written");
        rejected = requests(registry, "refused");
        failed = requests(registry, "failed");
        Gauge.builder("telltale.egress.waiting", waiting::get)
                .description("Samples of scores that wait to be written, those on their way included")
                .baseUnit("samples")
                .register(registry);
    }

    private static Counter samples(MeterRegistry registry, String outcome) {
        return Counter.builder("telltale.egress.samples")
                .description("Samples of scores for remote write, by what became of them")
                .baseUnit("samples")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter requests(MeterRegistry registry, String outcome) {
        return Counter.builder("telltale.egress.requests")
                .description("Requests of remote write, by how they ended; what failed is sent again")
                .baseUnit("requests")
                .tag("outcome", outcome)
                .register(registry);
    }

    void written(int samples) {
        accepted.increment();
        written.increment(samples);
    }

    /// A request was refused; part of it may be sent again.
    void requestRefused() {
        rejected.increment();
    }

    void requestFailed() {
        failed.increment();
    }

    void refused(int samples) {
        refused.increment(samples);
    }

    void tooOld(int samples) {
        tooOld.increment(samples);
    }

    void overflowed(int samples) {
        overflowed.increment(samples);
    }

    /// @param samples more than before, or fewer
    void waiting(int samples) {
        waiting.addAndGet(samples);
    }

    static void watch(MeterRegistry registry, Supplier<Number> exported, Supplier<Number> leftOut) {
        Gauge.builder("telltale.egress.exported", exported)
                .description("Watched series whose newest score can be scraped as telltale_score")
                .baseUnit("series")
                .register(registry);
        Gauge.builder("telltale.egress.left.out", leftOut)
                .description("Watched series with scores that cannot be scraped, since there are as many as allowed;"
                        + " counted up to 100,000")
                .baseUnit("series")
                .register(registry);
    }
}
