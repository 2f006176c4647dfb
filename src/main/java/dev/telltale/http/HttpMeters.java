package dev.telltale.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// How much work there is, and which callers were let go.
final class HttpMeters {

    private static final String WORK = "work";

    private final MeterRegistry registry;
    private final Map<Work, Counter> refused = new EnumMap<>(Work.class);
    private final Counter slowHeads;
    private final Counter slowBodies;
    private final Counter slowReaders;

    HttpMeters(MeterRegistry registry) {
        this.registry = registry;
        for (Work work : Work.values()) {
            refused.put(
                    work,
                    Counter.builder("telltale.http.refused")
                            .description("Requests that were refused since as many were worked on as may")
                            .baseUnit("requests")
                            .tag(WORK, name(work))
                            .register(registry));
        }
        slowHeads = cut("head");
        slowBodies = cut("body");
        slowReaders = cut("answer");
    }

    void watch(Work work, Gate gate) {
        Gauge.builder("telltale.http.running", gate, Gate::taken)
                .description("Requests that are worked on")
                .baseUnit("requests")
                .tag(WORK, name(work))
                .register(registry);
        Gauge.builder("telltale.http.waiting", gate, Gate::waiting)
                .description("Requests that wait to be worked on")
                .baseUnit("requests")
                .tag(WORK, name(work))
                .register(registry);
    }

    void refused(Work work) {
        Objects.requireNonNull(refused.get(work)).increment();
    }

    void cutHead() {
        slowHeads.increment();
    }

    void cutBody() {
        slowBodies.increment();
    }

    void cutReader() {
        slowReaders.increment();
    }

    private Counter cut(String part) {
        return Counter.builder("telltale.http.cut")
                .description("Connections whose callers were too slow")
                .baseUnit("connections")
                .tag("part", part)
                .register(registry);
    }

    private static String name(Work work) {
        return work.name().toLowerCase(Locale.ROOT);
    }
}
